package nag

import (
	"path"
	"reflect"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// Suppress marks the resources below root, which is an app, a stage or a stack, with the [Decisions] of the library. Call it
// when everything is made. The marks are Metadata of the resources, in their templates, and change nothing that is deployed.
func Suppress(root constructs.IConstruct) {
	made := map[string]reflect.Type{} // constructs of the library, by path
	for _, c := range *root.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		place := *c.Node().Path()
		if _, decided := decisions[reflect.TypeOf(c)]; decided {
			made[place] = reflect.TypeOf(c)
		}
		for owner, below := parent(place); owner != ""; owner, below = above(owner, below) {
			for _, d := range decisions[made[owner]] {
				if matched, _ := path.Match(d.Path, below); matched {
					suppress(c, d.Rule, d.Reason, d.Finding)
				}
			}
		}
	}
}

// parent splits the path of a construct into that of its parent and its id.
func parent(place string) (owner, below string) { return above(place, "") }

// above moves the last id of owner to the front of below.
func above(owner, below string) (string, string) {
	i := strings.LastIndex(owner, "/")
	if i < 0 {
		return "", ""
	}
	return owner[:i], strings.TrimSuffix(owner[i+1:]+"/"+below, "/")
}

// suppress accepts findings of a rule at a resource; none are all that the rule can have there.
func suppress(resource constructs.IConstruct, rule, reason string, findings ...string) {
	var which []any
	for _, finding := range findings {
		switch {
		case finding == "":
		case strings.HasPrefix(finding, "/"):
			which = append(which, &cdknag.RegexAppliesTo{Regex: jsii.String(finding)})
		default:
			which = append(which, finding)
		}
	}
	s := &cdknag.NagPackSuppression{Id: &rule, Reason: &reason}
	if which != nil {
		s.AppliesTo = &which
	}
	cdknag.NagSuppressions_AddResourceSuppressions(resource, &[]*cdknag.NagPackSuppression{s}, jsii.Bool(false))
}
