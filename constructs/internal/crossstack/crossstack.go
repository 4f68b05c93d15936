// Package crossstack decides how the stacks of an app refer to what they share.
package crossstack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// Share lets other stacks refer to things by outputs that they read, whatever feature flags the app sets. The
// alternative, exports, would forbid to change or delete a thing for as long as any stack imports it.
func Share(things ...constructs.IConstruct) {
	for _, thing := range things {
		awscdk.CrossStackReferences_Of(thing).Produce(awscdk.ReferenceStrength_WEAK)
	}
}
