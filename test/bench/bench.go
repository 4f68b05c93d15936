//go:build linux

// Command bench compares three programs that make the same kind of app, of so many web services: (a) in Go on this library, (b) its
// twin in JavaScript on the CDK, which makes the same templates, and (c) in Go on the CDK's aws-ecs-patterns. From the root of the
// repository:
//
//	go run ./test/bench
//
// It prints tables in Markdown: what (a) takes in proportion to the others, of time, CPU and memory of all processes, node
// included, and how many requests each service takes of node. The first is the median of pairs of runs right after each
// other, with the least and the greatest; the last is exact. Nothing else should run meanwhile.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/ecskit/ecskit/test/bench/requests"
)

func main() {
	requests.Stand()
	log.SetFlags(0)
	var o options
	flag.Func("n", "numbers of services, 0 for an empty stack (default 1,10,20,50,200)", o.setServices)
	flag.IntVar(&o.runs, "runs", 5, "how often each program runs for each number")
	flag.StringVar(&o.validation, "validation", "off,on", "the CDK's validation of templates: off, on or both")
	flag.Parse()
	if o.services == nil {
		o.services = []int{1, 10, 20, 50, 200}
	}
	if err := o.run(); err != nil {
		log.Fatal(err)
	}
}

type options struct {
	services   []int
	runs       int
	validation string
}

func (o *options) setServices(list string) error {
	o.services = nil
	for item := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(item)
		if err != nil || n < 0 {
			return errors.New("must be numbers from 0, such as 1,50")
		}
		o.services = append(o.services, n)
	}
	return nil
}

func (o *options) run() error {
	if o.runs < 1 {
		return errors.New("-runs must be at least 1")
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir)
	if err != nil {
		return err
	}
	for _, p := range []program{programs[0], programs[2]} {
		if err := reportRequests(p, dir); err != nil {
			return err
		}
	}
	if err := adoptOrphans(); err != nil {
		return err
	}
	for _, validation := range strings.Split(o.validation, ",") {
		if validation != "off" && validation != "on" {
			return fmt.Errorf("-validation must be off or on, or both; got %q", validation)
		}
		results := map[int][]round{}
		for _, n := range o.services {
			if results[n], err = rounds(programs, n, o.runs, validation == "on"); err != nil {
				return err
			}
		}
		report(results, o.services, o.runs, validation)
	}
	return nil
}

// round is what the programs took, run right after each other, by their names.
type round map[string]sample

// rounds runs the programs in turn. A first round, in which caches fill up, is not counted, and proves that the twin is one.
func rounds(programs []program, n, runs int, validation bool) ([]round, error) {
	var all []round
	for i := range 1 + runs {
		r := round{}
		for _, p := range programs {
			if err := os.RemoveAll(p.out); err != nil {
				return nil, err
			}
			var err error
			if r[p.name], err = measure(p.run(n, validation)); err != nil {
				return nil, fmt.Errorf("(%s), %d services: %w", p.name, n, err)
			}
		}
		if i > 0 {
			all = append(all, r)
			continue
		}
		if err := sameTemplates(programs[0].out, programs[1].out); err != nil {
			return nil, fmt.Errorf("the twin is none, with %d services: %w", n, err)
		}
	}
	return all, nil
}
