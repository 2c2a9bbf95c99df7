// Judges a request from Go: verify CONFIGURATION REQUEST, both files. Prints the answer.
//
// A call holds the goroutine's thread while it works; Go starts another thread for the others.
package main

/*
#cgo LDFLAGS: -lassay
#include <stdlib.h>
#include <assay.h>
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"
)

// Verifier may be used by any number of goroutines at once.
type Verifier struct{ handle *C.assay_verifier }

// NewVerifier takes a configuration as assay.h describes it.
func NewVerifier(configuration []byte) (*Verifier, error) {
	var verifier Verifier
	var failure *C.char
	text := C.CBytes(configuration)
	defer C.free(text)
	status := C.assay_verifier_new(
		(*C.char)(text), C.size_t(len(configuration)), &verifier.handle, &failure)
	if status != C.ASSAY_OK {
		defer C.assay_free(unsafe.Pointer(failure))
		return nil, errors.New(C.GoString(failure))
	}
	return &verifier, nil
}

// Verify answers a request; both are JSON.
func (verifier *Verifier) Verify(request []byte) ([]byte, error) {
	var answer *C.char
	var size C.size_t
	text := C.CBytes(request)
	defer C.free(text)
	status := C.assay_verify(
		verifier.handle, (*C.char)(text), C.size_t(len(request)), &answer, &size)
	defer C.assay_free(unsafe.Pointer(answer))
	if status != C.ASSAY_OK {
		return nil, errors.New(C.GoString(answer))
	}
	return C.GoBytes(unsafe.Pointer(answer), C.int(size)), nil
}

// Close gives the verifier back once no call with it is running.
func (verifier *Verifier) Close() { C.assay_verifier_free(verifier.handle) }

func run() error {
	if len(os.Args) != 3 {
		return errors.New("usage: verify CONFIGURATION REQUEST")
	}
	configuration, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	request, err := os.ReadFile(os.Args[2])
	if err != nil {
		return err
	}
	verifier, err := NewVerifier(configuration)
	if err != nil {
		return err
	}
	defer verifier.Close()
	if _, err := verifier.Verify([]byte("{}")); err == nil {
		return errors.New("a malformed request was answered")
	}
	answers := make([][]byte, 4)
	var group sync.WaitGroup
	for index := range answers {
		group.Add(1)
		go func(index int) {
			defer group.Done()
			answers[index], _ = verifier.Verify(request)
		}(index)
	}
	group.Wait()
	for _, answer := range answers {
		if answer == nil || string(answer) != string(answers[0]) {
			return errors.New("goroutines got different answers")
		}
	}
	fmt.Println(string(answers[0]))
	var answer struct {
		Results []struct {
			ItemID  string `json:"item_id"`
			Status  string
			Outcome *string
		}
	}
	if err := json.Unmarshal(answers[0], &answer); err != nil {
		return err
	}
	for _, result := range answer.Results {
		outcome := "no outcome: never a pass"
		if result.Outcome != nil {
			outcome = *result.Outcome
		}
		fmt.Fprintln(os.Stderr, result.ItemID, result.Status, outcome)
	}
	fmt.Fprintln(os.Stderr, "judged by assay", C.GoString(C.assay_version()), "from Go")
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
