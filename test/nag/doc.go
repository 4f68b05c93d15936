// Package nag runs the rules AwsSolutions of cdk-nag (https://github.com/cdklabs/cdk-nag) over stacks that are built with
// this library, and knows which of their findings are decisions of the library.
//
// cdk-nag looks at one resource at a time. A public load balancer that is open to the internet is a finding, and so is the
// bucket of its access logs, which keeps no access logs of its own. Where such a finding was right, the library was changed;
// the others are in [Decisions], each for one resource of one type of construct, with the reason. The library writes none of
// them into templates by itself, for they would be noise to whoever does not use cdk-nag. An app that does calls [Suppress]:
//
//	shop.New(app, "Shop")
//	nag.Suppress(app)
//	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
//
// With the recommended feature flags, app.Synth then fails with what is left: what the app itself made or asked for.
//
// [Assert] does the same in a test, and takes the findings that a team has decided to live with, each at one resource:
//
//	func TestNag(t *testing.T) {
//		app := snapshot.NewApp(t)
//		shop.New(app, "Shop")
//		nag.Assert(t, app, nag.Except{
//			Path: "Shop/Images/Resource", Rule: "AwsSolutions-S1", Reason: "the bucket holds what everybody may see",
//		})
//	}
package nag
