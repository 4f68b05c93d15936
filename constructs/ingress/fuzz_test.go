package ingress

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// matches is the plainest way to match a text, and a slow one.
func matches(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return matches(pattern[1:], text) || text != "" && matches(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && matches(pattern[1:], text[1:])
}

// FuzzCoversPattern compares what is said of two patterns with what they match, of all texts of three characters up to a length.
func FuzzCoversPattern(f *testing.F) {
	for _, seed := range [][2]string{{"*", "a"}, {"a*", "a?"}, {"?*", "*?"}, {"*a*b", "ab*b"}, {"a*a", "a"}, {"**", ""}, {"*b", "*ab"}, {"?a*", "*a?"}} {
		f.Add(seed[0], seed[1])
	}
	var texts []string
	for n, last := 0, []string{""}; n <= 8; n++ {
		texts = append(texts, last...)
		var next []string
		for _, text := range last {
			next = append(next, text+"a", text+"b", text+"c")
		}
		last = next
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if a, b = narrow(a), narrow(b); len(a) > 4 || len(b) > 4 {
			return
		}
		covered := true
		for _, text := range texts { // c is in neither pattern, and two patterns of four are told apart by eight
			if matches(b, text) && !matches(a, text) {
				covered = false
				break
			}
		}
		if got := coversPattern(a, b); got != covered {
			t.Errorf("coversPattern(%q, %q) is %t", a, b, got)
		}
	})
}

// narrow makes of any text a pattern of two characters and the wildcards.
func narrow(text string) string {
	return strings.Map(func(r rune) rune { return rune("ab*?"[uint32(r)%4]) }, text)
}

// FuzzCoversRange compares with the addresses: ranges are of the last eight bits of an address.
func FuzzCoversRange(f *testing.F) {
	f.Add([]byte{0, 25, 128, 25}, byte(0), byte(24))
	f.Add([]byte{0, 26, 64, 26, 128, 25}, byte(0), byte(24))
	f.Add([]byte{}, byte(0), byte(32))
	cidr := func(last, bits byte) string {
		prefix := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, last}), 24+int(bits)%9)
		return prefix.Masked().String()
	}
	f.Fuzz(func(t *testing.T, of []byte, last, bits byte) {
		var ranges []string
		for pair := range slices.Chunk(of, 2) {
			if len(pair) == 2 {
				ranges = append(ranges, cidr(pair[0], pair[1]))
			}
		}
		r := netip.MustParsePrefix(cidr(last, bits))
		want := true
		for i := range 256 {
			address := netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})
			holds := func(s string) bool { return netip.MustParsePrefix(s).Contains(address) }
			if r.Contains(address) && !slices.ContainsFunc(ranges, holds) {
				want = false
			}
		}
		if got := coversRange(ranges, r.String()); got != want {
			t.Errorf("coversRange(%v, %v) is %t", ranges, r, got)
		}
	})
}

// FuzzCodes compares with the codes themselves.
func FuzzCodes(f *testing.F) {
	for _, seed := range []string{"200", "200-299", "200,301-302", "0-99", "", ",", "200-", "-200", "+200", "299-200", "0200", "200-250-299"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, protocol := range []Protocol{HTTP1, GRPC} {
			least, most := codesOf(protocol)
			if !areCodes(s, least, most) {
				continue
			}
			if strings.Trim(s, "0123456789,-") != "" || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") {
				t.Errorf("%q is taken", s)
			}
			for _, text := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '-' }) {
				if n, err := strconv.Atoi(text); err != nil || n < least || n > most || strconv.Itoa(n) != text {
					t.Errorf("%q is taken, with %q", s, text)
				}
			}
		}
	})
}

// FuzzRoute takes any text for each condition. A route that is taken covers itself, is as wide as it is, and nobody is refused the same
// twice for one condition.
func FuzzRoute(f *testing.F) {
	f.Add("shop.example.com", "/api/*", "GET", "X-Team", "shop", "v", "2*", "10.0.0.0/8")
	f.Add("*.example.com", "/", "", "", "", "", "", "2001:db8::/32")
	f.Add("*", "/*?", "M-SEARCH", "x", "*", "", "?", "10.0.0.1/8")
	f.Fuzz(func(t *testing.T, host, path, method, header, value, key, query, from string) {
		r := Route{Host: host, Path: path, From: []string{from}}
		if method != "" {
			r.Methods = []string{method}
		}
		if header != "" {
			r.Headers = map[string]string{header: value}
		}
		if query != "" {
			r.Query = map[string]string{key: query}
		}
		if len(r.Problems()) > 0 {
			return
		}
		if !r.covers(r) {
			t.Errorf("%+v does not cover itself", r)
		}
		wider := r
		wider.Path = "/*"
		if !wider.covers(r) || strings.Trim(path, "/*") != "" && path != "" && r.covers(wider) {
			t.Errorf("%+v, and with the path /*: %t %t", r, wider.covers(r), r.covers(wider))
		}
		if prefix, err := netip.ParsePrefix(from); err != nil || prefix != prefix.Masked() {
			t.Errorf("%q is taken", from)
		}
	})
}
