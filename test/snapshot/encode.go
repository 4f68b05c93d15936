package snapshot

import (
	"bytes"
	"encoding/json"
	"strings"
)

// encode renders JSON for a reader: sorted keys, and "<" and "&" as they are.
func encode(v any, indent string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(v); err != nil {
		panic(err) // impossible: every value here was read from JSON
	}
	return b.Bytes()
}

// compact renders JSON in one line.
func compact(v any) string {
	return strings.TrimSuffix(string(encode(v, "")), "\n")
}
