package rules

import (
	"strings"
	"unicode/utf8"
)

// arnFields splits an ARN into partition and so on; the last field is the resource, which may have colons of its own.
func arnFields(text string) (fields []string, ok bool) {
	if !strings.HasPrefix(text, "arn:") {
		return nil, false
	}
	fields = strings.SplitN(text, ":", 6)
	return fields, len(fields) == 6
}

// arnOf returns the ARN of a resource in the region and account of whichever stack it is used in.
func (v *resolver) arnOf(service, resource string) string {
	return v.arnIn(service, v.ref(nil, "AWS::Region"), v.ref(nil, "AWS::AccountId"), resource)
}

func (v *resolver) arnIn(service, region, account, resource string) string {
	return strings.Join([]string{"arn", v.ref(nil, "AWS::Partition"), service, region, account, resource}, ":")
}

// covers reports whether the Resource of a policy statement covers the resource with that ARN, or could, for all that
// the templates tell. The ARN of a log group in a policy may have an ending that covers its streams.
func (v *resolver) covers(pattern, arn string) bool {
	if pattern == "*" || v.mayEqual(pattern, arn) {
		return true
	}
	p, ok := arnFields(pattern)
	a, isARN := arnFields(arn)
	if !ok || !isARN || !glob(p[2], a[2]) || !sameEnvironment(p[3], a[3]) || !sameEnvironment(p[4], a[4]) {
		return false
	}
	switch a[2] {
	case "logs":
		group, _, _ := strings.Cut(p[5], ":log-stream:")
		return glob(strings.TrimSuffix(group, ":*"), a[5])
	case "secretsmanager":
		// A task definition may leave out the suffix of a secret's name, which a policy then writes as "-??????".
		name, whole := v.withSuffix(p[5]), v.withSuffix(a[5])
		return glob(name, whole) || glob(name, whole+"-suffix")
	}
	return glob(p[5], a[5])
}

// withSuffix writes out the suffix of a secret of the templates, of which only the length is known.
func (v *resolver) withSuffix(secret string) string {
	last, size := utf8.DecodeLastRuneInString(secret)
	if last < firstReference || !v.references[last-firstReference].suffix {
		return secret
	}
	return secret[:len(secret)-size] + "suffix"
}

// sameEnvironment compares the regions or the accounts of two ARNs: a pseudo parameter may stand for any.
func sameEnvironment(pattern, text string) bool {
	return glob(pattern, text) || !literalText(pattern) || !literalText(text)
}

// everything reports whether the Resource of a policy statement names no resource in particular, such as "*" or
// arn:aws:ssm:eu-west-1:111122223333:parameter/*.
func everything(pattern string) bool {
	p, ok := arnFields(pattern)
	if !ok {
		return strings.HasPrefix(pattern, "*") || strings.HasPrefix(pattern, "arn:") && strings.HasSuffix(pattern, "*")
	}
	name := p[5]
	for _, kind := range []string{"log-group", "parameter", "repository", "secret", "key"} {
		name = strings.TrimPrefix(name, kind)
	}
	return strings.HasPrefix(strings.TrimLeft(name, ":/"), "*") || strings.ContainsAny(p[2], "*?")
}

// includes reports whether the Action of a policy statement, in whatever case it is written, includes an action.
func includes(pattern, action string) bool {
	return strings.EqualFold(pattern, action) ||
		strings.ContainsAny(pattern, "*?") && glob(strings.ToLower(pattern), strings.ToLower(action))
}

// glob matches a text against a pattern of IAM, in which * stands for any text and ? for any character.
func glob(pattern, text string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		return pattern == text
	}
	p, t := []rune(pattern), []rune(text)
	i, j := 0, 0
	star, from := -1, 0 // the last * in p, and where in t it was met
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i, j = i+1, j+1
		case star >= 0: // let the * stand for one character more
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(string(p[i:]), "*") == ""
}
