package snapshot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// block is the changes of one resource, or of one of the other sections.
type block struct {
	ids     []string // logical ids of the nested stacks the block is in, if any, and of the resource, if it is one
	section string   // or "" for a resource
	changes []change // their places are relative to the block
}

// report renders changes by resource. The whole new template tells the paths of the constructs.
func report(changes []change, old, whole map[string]any) string {
	var b strings.Builder
	for _, block := range blocks(changes) {
		fmt.Fprintf(&b, "  %s %s\n", block.mark(), block.heading(old, whole))
		for _, line := range block.lines() {
			fmt.Fprintf(&b, "      %s\n", line)
		}
	}
	return b.String()
}

// blocks groups changes that follow each other: compare sorts them by their keys.
func blocks(changes []change) []block {
	var all []block
	for _, c := range changes {
		b := blockOf(c)
		if last := len(all) - 1; last >= 0 && all[last].title() == b.title() {
			all[last].changes = append(all[last].changes, b.changes...)
		} else {
			all = append(all, b)
		}
	}
	return all
}

func blockOf(c change) block {
	var b block
	place, inResource := c.where, false
	for !inResource && len(place) >= 2 && place[0] == "Resources" {
		b.ids = append(b.ids, place[1].(string))
		place, inResource = place[2:], true
		if len(place) >= 2 && place[0] == nestedTemplate {
			place, inResource = place[1:], false
		}
	}
	if !inResource {
		b.section, place = place[0].(string), place[1:]
	}
	b.changes = []change{{where: place, old: c.old, new: c.new}}
	return b
}

func (b block) title() string {
	names := slices.Clone(b.ids)
	if b.section != "" {
		names = append(names, b.section)
	}
	return strings.Join(names, " > ")
}

func (b block) heading(old, whole map[string]any) string {
	if b.section != "" {
		return b.title()
	}
	resource := find(whole, b.ids)
	if resource == nil {
		resource = find(old, b.ids)
	}
	heading := fmt.Sprintf("%s (%v)", b.title(), resource["Type"])
	metadata, _ := resource["Metadata"].(map[string]any)
	if path, ok := metadata["aws:cdk:path"].(string); ok {
		heading += " " + path
	}
	return heading
}

// find returns the resource with the last of the logical ids, in the nested stacks with the others.
func find(template map[string]any, ids []string) map[string]any {
	var resource map[string]any
	for _, id := range ids {
		resource = resources(template)[id]
		template, _ = resource[nestedTemplate].(map[string]any)
	}
	return resource
}

// lines are empty for a resource that was added or removed: the heading says all, the golden shows the rest.
func (b block) lines() []string {
	if b.mark() != "~" {
		return nil
	}
	var lines []string
	for _, c := range b.changes {
		lines = append(lines, c.String())
	}
	return lines
}

// mark tells whether the block as a whole was added or removed.
func (b block) mark() string {
	first := b.changes[0]
	switch {
	case b.section != "" || len(first.where) > 0:
		return "~"
	case first.added():
		return "+"
	}
	return "-"
}

// String renders a change in one line, whose place is relative to its block.
func (c change) String() string {
	place := render(c.where)
	if place != "" {
		place += ": "
	}
	switch {
	case c.added():
		return place + "added " + compact(c.new)
	case c.removed():
		return place + "removed " + compact(c.old)
	}
	return place + fromTo(c.old, c.new)
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// render writes a place as one would in JavaScript: Properties.Tags[0].Value, Value["Fn::Join"][1].
func render(where []any) string {
	var b strings.Builder
	for _, step := range where {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			b.WriteString(renderKey(step, b.Len() > 0))
		}
	}
	return b.String()
}

func renderKey(key string, after bool) string {
	if !plainKey.MatchString(key) {
		return "[" + compact(key) + "]"
	}
	if after {
		return "." + key
	}
	return key
}
