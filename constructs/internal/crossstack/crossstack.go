// Package crossstack decides how the stacks of an app refer to what they share.
package crossstack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// resource is what the CDK's own constructs can be asked directly, and what was made of an interface cannot.
type resource interface {
	ApplyCrossStackReferenceStrength(strength awscdk.ReferenceStrength)
}

// ShareGiven does what Share does for things that users have given, unless they were imported and are in no stack.
func ShareGiven(things ...constructs.IConstruct) {
	for _, thing := range things {
		if thing.Node().DefaultChild() != nil {
			Share(thing)
		}
	}
}

// Share lets other stacks refer to things by outputs that they read, whatever feature flags the app sets. The
// alternative, exports, would forbid to change or delete a thing for as long as any stack imports it.
func Share(things ...constructs.IConstruct) {
	for _, thing := range things {
		if r, ok := thing.(resource); ok {
			r.ApplyCrossStackReferenceStrength(awscdk.ReferenceStrength_WEAK)
		} else {
			awscdk.CrossStackReferences_Of(thing).Produce(awscdk.ReferenceStrength_WEAK)
		}
	}
}
