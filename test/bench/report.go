//go:build linux

package main

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/ecskit/ecskit/test/bench/requests"
)

// Between these numbers of services, requests are counted for each one more, with its share of a stack.
const (
	fewServices  = 10
	manyServices = 20
)

// reportRequests prints how many requests each service of a program takes, by what they are for.
func reportRequests(p program, dir string) error {
	var counts []requests.Counts
	for _, n := range []int{fewServices, manyServices} {
		file := filepath.Join(dir, fmt.Sprintf("requests-%s-%d", p.name, n))
		variables, err := requests.Environment(file)
		if err != nil {
			return err
		}
		if out, err := p.run(n, false, variables...).CombinedOutput(); err != nil {
			return fmt.Errorf("(%s): %w\n%s", p.name, err, out)
		}
		c, err := requests.Read(file)
		if err != nil {
			return err
		}
		counts = append(counts, c)
	}
	each := counts[1].Beyond(counts[0])
	perService := func(n int) float64 { return float64(n) / (manyServices - fewServices) }
	fmt.Printf("Requests of (%s) for each service: **%.1f**, and %d for the first %d and what they share.\n\n| | request |\n|---:|---|\n",
		p.name, perService(each.Total()), counts[0].Total(), fewServices)
	for _, what := range slices.SortedFunc(maps.Keys(each), func(x, y string) int {
		return cmp.Or(each[y]-each[x], cmp.Compare(x, y))
	}) {
		fmt.Printf("| %.1f | %s |\n", perService(each[what]), what)
	}
	fmt.Println()
	return nil
}

// report prints the ratios of what the programs took.
func report(results map[int][]round, services []int, runs int, validation string) {
	wall := func(s sample) float64 { return s.wall.Seconds() }
	cpu := func(s sample) float64 { return s.cpu.Seconds() }
	peak := func(s sample) float64 { return float64(s.peak) / 1024 }

	fmt.Printf("Validation %s, %d runs each: median (least-greatest) of (a) in proportion to (b) and (c).\n\n", validation, runs)
	fmt.Println("| services | wall a/b | CPU a/b | memory a/b | wall a/c | CPU a/c | memory a/c |\n|---:|---|---|---|---|---|---|")
	for _, n := range services {
		fmt.Printf("| %d |", n)
		for _, other := range []string{"b", "c"} {
			for _, what := range []func(sample) float64{wall, cpu, peak} {
				fmt.Printf(" %s |", spread(results[n], func(r round) float64 { return what(r["a"]) / what(r[other]) }, "%.2f"))
			}
		}
		fmt.Println()
	}
	fmt.Printf("\nValidation %s: what they took.\n\n", validation)
	fmt.Println("| services | | wall, s | CPU, s | memory, MiB | CPU for each service beyond the first, ms |\n|---:|---|---|---|---|---|")
	for _, n := range services {
		for _, name := range []string{"a", "b", "c"} {
			of := func(what func(sample) float64) func(round) float64 {
				return func(r round) float64 { return what(r[name]) }
			}
			each := ""
			if first := results[1]; n > 1 && len(first) > 0 {
				each = fmt.Sprintf("%.1f", 1000*(median(results[n], of(cpu))-median(first, of(cpu)))/float64(n-1))
			}
			fmt.Printf("| %d | %s | %s | %s | %s | %s |\n", n, name, spread(results[n], of(wall), "%.2f"),
				spread(results[n], of(cpu), "%.2f"), spread(results[n], of(peak), "%.0f"), each)
		}
	}
	fmt.Println()
}

// spread renders the median of a value over all rounds, with the least and the greatest.
func spread(rounds []round, value func(round) float64, format string) string {
	values := sorted(rounds, value)
	return fmt.Sprintf(format+" ("+format+"-"+format+")", middle(values), values[0], values[len(values)-1])
}

func median(rounds []round, value func(round) float64) float64 { return middle(sorted(rounds, value)) }

func sorted(rounds []round, value func(round) float64) []float64 {
	var values []float64
	for _, r := range rounds {
		values = append(values, value(r))
	}
	slices.Sort(values)
	return values
}

// middle returns the median of sorted values.
func middle(values []float64) float64 {
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
