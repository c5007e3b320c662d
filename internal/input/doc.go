// Package input makes the vectors x_t that enter the network of tokens, and
// sends their gradient back.
//
// A token is read in up to three ways, each giving a part of x_t, side by
// side: as a word of the vocabulary ([Embedding]), by its characters
// ([Chars]), and by features such as its ending. What the network reads of a
// token depends on the token alone, so a batch names its tokens by their
// number in a list of distinct ones, [Forms].
package input
