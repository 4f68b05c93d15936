package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNormalise(t *testing.T) {
	asset, other := strings.Repeat("a1", 32), strings.Repeat("b2", 32)
	version := "FnCurrentVersion17A89ABB" + strings.Repeat("0f", 16)
	const normalised = "FnCurrentVersion17A89ABB<hash>"
	tests := map[string]struct{ whole, want string }{
		"S3 key": {
			whole: `{"Resources":{"F":{"Code":{"S3Key":"` + asset + `.zip"}}}}`,
			want:  `{"Resources":{"F":{"Code":{"S3Key":"<hash>.zip"}}}}`,
		},
		"URL and image in Fn::Sub": {
			whole: `{"Resources":{"F":{"A":{"Fn::Sub":"s3://b-${AWS::Region}/p/` + asset + `.json"},` +
				`"B":[{"Fn::Sub":"${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/r:v1-` + asset + `"}]}}}`,
			want: `{"Resources":{"F":{"A":{"Fn::Sub":"s3://b-${AWS::Region}/p/<hash>.json"},` +
				`"B":[{"Fn::Sub":"${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/r:v1-<hash>"}]}}}`,
		},
		"digest that is no asset stays": {
			whole: `{"Resources":{"T":{"Image":"r@sha256:` + other + `"}}}`,
			want:  `{"Resources":{"T":{"Image":"r@sha256:` + other + `"}}}`,
		},
		"hash that could be a word stays": {
			whole: `{"Resources":{"T":{"Name":"short"}}}`,
			want:  `{"Resources":{"T":{"Name":"short"}}}`,
		},
		"current version of a function": {
			whole: `{"Resources":{"` + version + `":{"Type":"AWS::Lambda::Version"},` +
				`"D":{"Type":"D","DependsOn":["` + version + `"],"V":{"Ref":"` + version + `"}}}}`,
			want: `{"Resources":{"` + normalised + `":{"Type":"AWS::Lambda::Version"},` +
				`"D":{"Type":"D","DependsOn":["` + normalised + `"],"V":{"Ref":"` + normalised + `"}}}}`,
		},
		"other ids that end with a hash stay": {
			whole: `{"Resources":{"` + version + `":{"Type":"X"},"V":{"Type":"AWS::Lambda::Version"}}}`,
			want:  `{"Resources":{"` + version + `":{"Type":"X"},"V":{"Type":"AWS::Lambda::Version"}}}`,
		},
		"metadata of the CDK": {
			whole: `{"Metadata":{"K":1},"Resources":{"A":{"Metadata":{"aws:cdk:path":"S/A","aws:asset:path":"/home/me/a"}},` +
				`"B":{"Metadata":{"aws:cdk:path":"S/B","AWS::CloudFormation::Init":{}}}}}`,
			want: `{"Metadata":{"K":1},"Resources":{"A":{},"B":{"Metadata":{"AWS::CloudFormation::Init":{}}}}}`,
		},
		"analytics and bootstrap version": {
			whole: `{"Resources":{"CDKMetadata":{"Type":"AWS::CDK::Metadata"},"A":{"Type":"X"}},` +
				`"Conditions":{"CDKMetadataAvailable":{"Fn::Or":[]}},"Parameters":{"BootstrapVersion":{},"P":{}},` +
				`"Rules":{"CheckBootstrapVersion":{}}}`,
			want: `{"Resources":{"A":{"Type":"X"}},"Parameters":{"P":{}}}`,
		},
		"nested stack": {
			whole: `{"Resources":{"N":{"NestedTemplate":{"Resources":{` +
				`"A":{"Key":"` + asset + `","Metadata":{"aws:cdk:path":"S/N/A"}},` +
				`"` + version + `":{"Type":"AWS::Lambda::Version"}}}}}}`,
			want: `{"Resources":{"N":{"NestedTemplate":{"Resources":{` +
				`"A":{"Key":"<hash>"},"` + normalised + `":{"Type":"AWS::Lambda::Version"}}}}}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			whole := parse(t, test.whole)
			if diff := cmp.Diff(parse(t, test.want), normalise(whole, []string{asset, "short"})); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(parse(t, test.whole), whole); diff != "" {
				t.Errorf("the template itself was changed: %s", diff)
			}
		})
	}
}
