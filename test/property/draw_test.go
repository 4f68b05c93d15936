package property

import (
	"time"

	"pgregory.net/rapid"
)

// pick draws one of the values, each as likely as any other: rapid's own choice prefers the first ones. It shrinks to the
// first.
func pick[T any](t *rapid.T, values ...T) T {
	n := 0
	for bound := 1; bound < 4*len(values); bound *= 2 {
		n *= 2
		if coin.Draw(t, "bit") {
			n++
		}
	}
	return values[n%len(values)]
}

var coin = rapid.Bool()

// chance draws true once in 2 to the power of n. It shrinks to false.
func chance(t *rapid.T, n int) bool {
	for range n {
		if !coin.Draw(t, "coin") {
			return false
		}
	}
	return true
}

// maybe draws one of the values in half of all cases, or else the zero value.
func maybe[T any](t *rapid.T, values ...T) T {
	var zero T
	if !chance(t, 1) {
		return zero
	}
	return pick(t, values...)
}

// seldom draws one of the values once in eight cases, or else the zero value.
func seldom[T any](t *rapid.T, values ...T) T {
	var zero T
	if !chance(t, 3) {
		return zero
	}
	return pick(t, values...)
}

// some draws a few of the values, in their order.
func some[T any](t *rapid.T, values ...T) []T {
	var few []T
	for _, v := range values {
		if chance(t, 1) {
			few = append(few, v)
		}
	}
	return few
}

// between draws a number of a range, its ends more often than others.
func between(t *rapid.T, least, most int) int { return rapid.IntRange(least, most).Draw(t, "number") }

// minutes draws a time of whole minutes.
func minutes(t *rapid.T, least, most int) time.Duration {
	return time.Duration(between(t, least, most)) * time.Minute
}
