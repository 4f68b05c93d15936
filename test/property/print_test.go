package property

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
)

// source returns a value as Go source without its zero fields. What gofmt lays out differently, gofmt has to.
func source(v any) string {
	var b strings.Builder
	write(&b, reflect.ValueOf(v), "\n")
	return b.String()
}

// write writes a value; the line break is followed by the indentation of where it stands.
func write(b *strings.Builder, v reflect.Value, line string) {
	deeper := line + "\t"
	switch {
	case !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil():
		b.WriteString("nil")
	case v.Kind() == reflect.Interface:
		write(b, v.Elem(), line)
	case v.Kind() == reflect.Pointer && v.IsNil():
		b.WriteString("nil")
	case v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.String:
		fmt.Fprintf(b, "jsii.String(%q)", v.Elem().String())
	case v.Kind() == reflect.Pointer:
		b.WriteString("&")
		write(b, v.Elem(), line)
	case v.Type() == reflect.TypeFor[time.Duration]():
		printDuration(b, time.Duration(v.Int()))
	case v.Kind() == reflect.Struct:
		b.WriteString(typeName(v.Type()) + "{")
		filled := false
		for i := range v.NumField() {
			if field := v.Field(i); !field.IsZero() {
				b.WriteString(deeper + v.Type().Field(i).Name + ": ")
				write(b, field, deeper)
				b.WriteString(",")
				filled = true
			}
		}
		end(b, filled, line)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() <= reflect.Float64 || v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		b.WriteString(typeName(v.Type()) + "{")
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(", ")
			}
			write(b, v.Index(i), line)
		}
		b.WriteString("}")
	case v.Kind() == reflect.Slice:
		b.WriteString(typeName(v.Type()) + "{")
		for i := range v.Len() {
			b.WriteString(deeper)
			write(b, v.Index(i), deeper)
			b.WriteString(",")
		}
		end(b, v.Len() > 0, line)
	case v.Kind() == reflect.Map:
		b.WriteString(typeName(v.Type()) + "{")
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			fmt.Fprintf(b, "%s%q: ", deeper, key.String())
			write(b, v.MapIndex(key), deeper)
			b.WriteString(",")
		}
		end(b, len(keys) > 0, line)
	case v.Kind() == reflect.Float64 && math.IsInf(v.Float(), 0):
		fmt.Fprintf(b, "math.Inf(%d)", map[bool]int{true: 1, false: -1}[v.Float() > 0])
	case v.Kind() == reflect.Float64:
		fmt.Fprintf(b, "%v", v.Float())
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}

func end(b *strings.Builder, filled bool, line string) {
	if filled {
		b.WriteString(line)
	}
	b.WriteString("}")
}

func typeName(t reflect.Type) string {
	return strings.ReplaceAll(strings.ReplaceAll(t.String(), "property.", ""), "interface {}", "any")
}

func printDuration(b *strings.Builder, d time.Duration) {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{time.Hour, "time.Hour"}, {time.Minute, "time.Minute"}, {time.Second, "time.Second"}, {time.Millisecond, "time.Millisecond"}} {
		if d%unit.d == 0 {
			fmt.Fprintf(b, "%d * %s", d/unit.d, unit.name)
			return
		}
	}
	fmt.Fprintf(b, "%d", d)
}
