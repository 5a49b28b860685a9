// Checks an exported log with Go's own sumdb/note and sumdb/tlog: check FOLDER VKEY [OLD-SIZE OLD-ROOT].
//
// Every answer ends in CheckRecord or CheckTree against the signed root: reading hashes alone misses a flipped byte.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int { return height }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), name))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// entry reads one entry from its bundle.
func (f folder) entry(at, size int64) []byte {
	tile := tlog.Tile{H: height, L: 0, N: at >> height, W: 1 << height}
	if rest := size - tile.N<<height; rest < 1<<height {
		tile.W = int(rest)
	}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(string(f), name))
	fail(err)
	for skip := at & (1<<height - 1); skip > 0; skip-- {
		data = data[2+binary.BigEndian.Uint16(data):]
	}
	return data[2 : 2+binary.BigEndian.Uint16(data)]
}

func fail(err error) {
	if err != nil {
		fmt.Println("broken:", err)
		os.Exit(1)
	}
}

func hash(text string) (found tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(text)
	fail(err)
	copy(found[:], raw)
	return found
}

func main() {
	log := folder(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	fail(err)
	text, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	fail(err)
	opened, err := note.Open(text, note.VerifierList(verifier))
	fail(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	fail(err)
	tree := tlog.Tree{N: size, Hash: hash(lines[2])}
	hashes := tlog.TileHashReader(tree, log)
	checked := 0
	for at := int64(0); at < size; at += 1 + size/200 {
		proof, err := tlog.ProveRecord(size, at, hashes)
		fail(err)
		fail(tlog.CheckRecord(proof, size, tree.Hash, at, tlog.RecordHash(log.entry(at, size))))
		checked++
	}
	if len(os.Args) > 4 {
		old, err := strconv.ParseInt(os.Args[3], 10, 64)
		fail(err)
		proof, err := tlog.ProveTree(size, old, hashes)
		fail(err)
		fail(tlog.CheckTree(proof, size, tree.Hash, old, hash(os.Args[4])))
	}
	fmt.Printf("sound: %d entries, %d checked, %d signature verified, %d unknown\n",
		size, checked, len(opened.Sigs), len(opened.UnverifiedSigs))
}
