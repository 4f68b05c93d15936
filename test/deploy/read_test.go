package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// resource is one that a stack asks for: what the template says of it, and what CloudFormation says it is.
type resource struct {
	stack, logical, kind, id string
	want                     map[string]any // properties, references resolved
	keep                     bool           // left when its stack is deleted
}

func (r resource) String() string { return r.stack + "/" + r.logical + " (" + r.kind + ")" }

// text returns a property that is a string.
func (r resource) text(property string) string { return fmt.Sprint(r.want[property]) }

// list returns a property that is a list of strings.
func (r resource) list(property string) []string {
	var all []string
	items, _ := r.want[property].([]any)
	for _, item := range items {
		all = append(all, fmt.Sprint(item))
	}
	return all
}

// kind is how the resources of one type are read back. A property of the template is compared with the field of the same
// name in what read returns, whatever the case of its letters.
type kind struct {
	// read asks the service, which is not CloudFormation, for the resource. Nil: there is none. A []any: one of these.
	read func(ctx context.Context, c *account, r resource) (any, error)
	// names are fields by the property that they answer, where the two have different names.
	names map[string]string
}

// kinds are the types that can be read back.
var kinds = func() map[string]kind {
	all := map[string]kind{}
	for _, some := range []map[string]kind{ecsKinds, doorKinds, networkKinds, rightsKinds, otherKinds} {
		maps.Copy(all, some)
	}
	return all
}()

// object is a description as the service gives it, in JSON.
type object = map[string]any

// tree returns a description of the SDK as a tree of JSON values.
func tree(description any) any {
	text, err := json.Marshal(description)
	if err != nil {
		panic(err) // the SDK's types can all be written
	}
	return parsed(string(text))
}

// parsed returns a text as the JSON object or list that it is, or nil.
func parsed(text string) any {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil || decoder.More() {
		return nil
	}
	return v
}

// with returns a description with more fields, of other answers of the service.
func with(description any, more object) any {
	fields, isObject := tree(description).(object)
	if !isObject {
		fields = object{}
	}
	for name, field := range more {
		fields[name] = tree(field)
	}
	return fields
}

// first returns the one description that was asked for by its name or id.
func first[T any](descriptions []T) any {
	if len(descriptions) == 0 {
		return nil
	}
	return tree(descriptions[0])
}

// each returns the descriptions as candidates for one resource.
func each[T any](descriptions []T) []any {
	candidates := []any{}
	for _, description := range descriptions {
		candidates = append(candidates, tree(description))
	}
	return candidates
}

// unescaped returns the text of a policy, which IAM gives with the escapes of a URL.
func unescaped(policy *string) string {
	text, err := url.QueryUnescape(aws.ToString(policy))
	if err != nil {
		return aws.ToString(policy)
	}
	return text
}

// errUnknown is the answer of an endpoint that does not have an operation.
var errUnknown = errors.New("the endpoint does not have this operation")

// none reports whether a service says that it has no such resource, and errUnknown if it is no such service.
func none(err error) (bool, error) {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		code := answer.ErrorCode()
		for _, part := range []string{"NotFound", "NoSuch", "NotExist", "NonExistent", "ClusterNotActive"} {
			if strings.Contains(code, part) {
				return true, nil
			}
		}
		if strings.Contains(code, "NotImplemented") || strings.Contains(code, "UnknownOperation") {
			return false, errUnknown
		}
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		switch response.HTTPStatusCode() {
		case http.StatusNotImplemented, http.StatusNotFound, http.StatusMethodNotAllowed:
			return false, errUnknown
		}
	}
	return false, err
}
