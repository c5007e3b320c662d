// Package model holds what a trained labeller is: its configuration, its
// vocabulary and labels, its parameters by name, the network that they make,
// and the one file that keeps them all. It reads and writes io streams; files
// and networks are for its users.
package model
