package fetch

import (
	"path"
	"slices"
)

// Set is a named data set: single files, an archive, or both.
type Set struct {
	Name    string
	About   string // what it is, in a line
	Licence string
	Source  string // its home, for people
	Files   []File
	Archive *Archive // nil for none
	Train   string   // arguments of unroll that train on it, DIR/ standing for the folder; "" where its files must be made into something else first
	Note    string   // what to know before
}

// File is a file and what pins it.
type File struct {
	Name   string // in the set's folder; slashes separate
	URL    string
	Size   int64
	SHA256 string // in hexadecimal
}

// Archive is a .tar.gz of which a folder is kept. Its own bytes are made anew by
// the server and may change; those of its files are pinned together.
type Archive struct {
	Name   string // of the folder, in the set's
	URL    string
	Folder string // in the archive, below its single top folder
	Files  int    // regular files in it
	Size   int64  // of them all
	Digest string // SHA-256 of the lines "SHA-256, two spaces, name" in the order of names, as sha256sum writes them
}

// Size returns the bytes of the set's files.
func (s Set) Size() (n int64) {
	for _, f := range s.Files {
		n += f.Size
	}
	if s.Archive != nil {
		n += s.Archive.Size
	}
	return n
}

// Find returns the set of a name.
func Find(name string) (Set, bool) {
	i := slices.IndexFunc(Sets, func(s Set) bool { return s.Name == name })
	if i < 0 {
		return Set{}, false
	}
	return Sets[i], true
}

// at returns the file of a path below a URL, as its last element is called.
func at(base, file string, size int64, sha256 string) File {
	return File{Name: path.Base(file), URL: base + file, Size: size, SHA256: sha256}
}

// Bases of URLs, each of one commit or tag.
const (
	raw         = "https://raw.githubusercontent.com/"
	ewt         = raw + "UniversalDependencies/UD_English-EWT/r2.16/"
	koreanGSD   = raw + "UniversalDependencies/UD_Korean-GSD/r2.5/"
	wnut17      = raw + "leondz/emerging_entities_17/e52a2d2a71ac1a051ca2d532eef28653c5c02603/"
	charRNN     = raw + "karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/"
	nab         = raw + "numenta/NAB/ea702d75cc2258d9d7dd35ca8e5e2539d71f3140/"
	fsddArchive = "https://codeload.github.com/Jakobovski/free-spoken-digit-dataset/tar.gz/26eb9aaf76e81b692f806f9140c2d2777410d7a1"
)

// Sets are the data sets that have a name.
var Sets = []Set{
	{
		Name: "ud-english-ewt", About: "English Web Treebank, UD r2.16: words and their parts of speech",
		Licence: "CC BY-SA 4.0", Source: "https://github.com/UniversalDependencies/UD_English-EWT",
		Files: []File{
			at(ewt, "LICENSE.txt", 20014, "b3d1b0f4c6ae151f7eb78738f46ebd5ee140f8a7f76501ba26af123140d35ae7"),
			at(ewt, "en_ewt-ud-train.conllu", 14203025, "3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b"),
			at(ewt, "en_ewt-ud-dev.conllu", 1805545, "531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6"),
			at(ewt, "en_ewt-ud-test.conllu", 1804515, "e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd"),
		},
		Train: "train --train DIR/en_ewt-ud-train.conllu --dev DIR/en_ewt-ud-dev.conllu --test DIR/en_ewt-ud-test.conllu --label-column upos -o tagger.safetensors",
	},
	{
		Name: "ud-korean-gsd", About: "Korean GSD treebank, UD r2.5: words and their parts of speech",
		Licence: "CC BY-SA 4.0", Source: "https://github.com/UniversalDependencies/UD_Korean-GSD",
		Files: []File{
			at(koreanGSD, "LICENSE.txt", 202, "899b1804a12ebc090b96339614eede1b64b686721b650a71430b55b5235f7f79"),
			at(koreanGSD, "ko_gsd-ud-train.conllu", 3446767, "2ed449cf0a91283c526fab93e0cb89736eb4fecaa9d0ed7b45ecf4fb14e3faa0"),
			at(koreanGSD, "ko_gsd-ud-dev.conllu", 727020, "e5fb7a0fef26f7172751b2791112bbc9ae560940e4f1250b6a33f25716b5bbca"),
			at(koreanGSD, "ko_gsd-ud-test.conllu", 708451, "875b8cf2223767c44c641c63a87fe266725c3e5ff0d7080732f7d5ba98eb4a19"),
		},
		Train: "train --train DIR/ko_gsd-ud-train.conllu --dev DIR/ko_gsd-ud-dev.conllu --test DIR/ko_gsd-ud-test.conllu --label-column upos -o tagger.safetensors",
	},
	{
		Name: "wnut17", About: "emerging entities in English tweets and posts, BIO (WNUT 2017)",
		Licence: "CC BY 4.0", Source: "https://github.com/leondz/emerging_entities_17",
		Files: []File{
			at(wnut17, "LICENSE", 561, "39f73e0dab271b52e54a51c92001fd2aeec4bfcf86a0e221e5430b1f9c1abd89"),
			at(wnut17, "wnut17train.conll", 493781, "731820e13f71af324c6b55a1575ec2ce59fbaa2a0806f8f0400b98d56cd6a7a5"),
			at(wnut17, "emerging.dev.conll", 114749, "e053b752b8155113ca66e7db08af5f2f5f43ab993694e4774f1ec5bad42312d8"),
			at(wnut17, "emerging.test.annotated", 192425, "2aa79b764e56ec9264a1b30fdd9b70195bd00ff400b62edd8f399d5f13c178f0"),
		},
		Train: "train --train DIR/wnut17train.conll --dev DIR/emerging.dev.conll --test DIR/emerging.test.annotated -o entities.safetensors",
	},
	{
		Name: "tinyshakespeare", About: "1.1 million characters of Shakespeare's plays",
		Licence: "out of copyright", Source: "https://github.com/karpathy/char-rnn",
		Files: []File{
			at(charRNN, "data/tinyshakespeare/input.txt", 1115394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),
		},
		Train: "train --train DIR/input.txt -o lm.safetensors",
	},
	{
		Name: "nab", About: "time series and when they are anomalous (Numenta Anomaly Benchmark)",
		Licence: "MIT", Source: "https://github.com/numenta/NAB",
		Files: []File{
			at(nab, "LICENSE.txt", 1056, "0a0b4d0b10cb1f7ed9ab2993ef93defc03447e6eba9daca1315dd32dae4877e3"),
			at(nab, "labels/combined_windows.json", 15359, "1e1fbc4601321aad8d0f8b3784c8134299379f68f6c1f7777565f8ffd57ab6b1"),
			at(nab, "data/artificialWithAnomaly/art_daily_flatmiddle.csv", 140292, "ea5df125947e9ee2b977ac3d341f3c2a029588862af97cae4a654fc56e838702"),
			at(nab, "data/artificialWithAnomaly/art_daily_jumpsdown.csv", 140814, "4af31802e87dff4b4ba3ceb21714ba9d905f7888e1f53d47cc6dd4f856f9debc"),
			at(nab, "data/artificialWithAnomaly/art_daily_jumpsup.csv", 140548, "f79f92b93ee4f9c10e2dc552505e8880b0c618639ed5e0f9816e044b75c26456"),
			at(nab, "data/artificialWithAnomaly/art_daily_nojump.csv", 140478, "65c85d1834376ed5e622f01721d478609577ea0df0a067c5a5ebe5edea03b077"),
			at(nab, "data/artificialWithAnomaly/art_increase_spike_density.csv", 96869, "0959d8871d5c1a3fc3120fb7421e4ef113fffb434af2889085b52aebdb69360c"),
			at(nab, "data/artificialWithAnomaly/art_load_balancer_spikes.csv", 101603, "99f7130e54c7c3e818df8e3bdc0974cd241914bb14a10a9c3fa7c1374125d224"),
			at(nab, "data/realKnownCause/ambient_temperature_system_failure.csv", 233321, "230b68ccca20f59d562afd5d24ad52939c9b784386bed0054018358bf9120581"),
			at(nab, "data/realKnownCause/cpu_utilization_asg_misconfiguration.csv", 539274, "58ba65dc0737cfbac11b51514476d50c438d44011232144bb8d93f392df58f9f"),
			at(nab, "data/realKnownCause/ec2_request_latency_system_failure.csv", 123428, "98378580aa80157e057c61d59d81daddccc6c65a2c0c800e3f01f603b8215c3f"),
			at(nab, "data/realKnownCause/machine_temperature_system_failure.csv", 732223, "92bf5b87fc7f9bba8ca0b7ec63ccaac8cb4a1371a258e8c29a10ae9c018d82a4"),
			at(nab, "data/realKnownCause/nyc_taxi.csv", 265771, "d8fa6f7f0734bf5c8be12c52a94e20a82664c397d9dec4449156bd453d32856d"),
			at(nab, "data/realKnownCause/rogue_agent_key_hold.csv", 55527, "47b110baa8e3636574c1033dda1cce780873647fab58223d159d4fee6f180e86"),
			at(nab, "data/realKnownCause/rogue_agent_key_updown.csv", 138333, "9797cfef477c13306f7a33874ab4d6cf700f8f2c7e5825a2a5bc02004370909a"),
		},
		Note: "the series have a time and a value a row; combined_windows.json says from when to when each is anomalous, which must be made a column of labels first",
	},
	{
		Name: "fsdd", About: "3,000 spoken digits, WAV of 8 kHz and 16 bits",
		Licence: "CC BY-SA 4.0", Source: "https://github.com/Jakobovski/free-spoken-digit-dataset",
		Archive: &Archive{
			Name: "recordings", URL: fsddArchive, Folder: "recordings",
			Files: 3000, Size: 21128848, Digest: "1801eae019c063377d98f831d3f93574f259475df7332bb0e3d1b080fb5e6959",
		},
		Note: "sound must be made vectors first; the names are DIGIT_SPEAKER_TAKE.wav, and takes 0 to 4 are for testing",
	},
}
