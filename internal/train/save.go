package train

import (
	"github.com/unroll-go/unroll/internal/file"
	"github.com/unroll-go/unroll/internal/model"
)

// Save writes a model to a file that is either the old one or the new one
// whole, as [file.Write] does.
func Save(m *model.Model, path string) error { return file.Write(path, m.Write) }
