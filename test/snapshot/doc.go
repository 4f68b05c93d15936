// Package snapshot tests the stacks of a CDK app in Go against goldens: files in testdata that hold the templates as
// they were last accepted. A change of code that changes what would be deployed fails a test and says, by resource and
// property, what would change. A change that was meant is accepted with -update and reviewed as a change of the golden.
//
//	func TestMain(m *testing.M) { os.Exit(snapshot.Main(m)) }
//
//	func TestShop(t *testing.T) {
//		app := snapshot.NewApp(t)
//		stack := shop.New(app, "Shop")
//		snapshot.Match(t, stack) // testdata/Shop.json
//	}
//
// # When a template differs
//
// The test fails with one block for each resource, changed (~), added (+) or removed (-), and for each other section:
//
//	Shop differs from testdata/Shop.json:
//
//	  ~ ApiTaskE1E6C4B5 (AWS::ECS::TaskDefinition) Shop/Api/Task/Resource
//	      Properties.ContainerDefinitions[0].Image: "api:1" → "api:2"
//	  + ApiQueue7BFA3CE1 (AWS::SQS::Queue) Shop/Api/Queue/Resource
//
//	to accept: go test ./shop -run '^TestShop$' -update
//
// # The flag -update
//
// [Main] registers the flag, unless the package under test has one of that name already: then that one serves. A test
// binary that runs without Main has no flag unless it registers its own, and none at all exists in the packages that
// do not import this one, where go test ./... -update ends with "flag provided but not defined". Name the package, as
// the message does.
//
// A golden that is missing is written and logged, and the test passes. On a build server nobody would commit it, so
// there the test fails: when the environment variable CI is set, to anything but "false" or "0".
//
// In one run a golden is written once. A second template that shares it is compared with the first, so that two tests
// that took one name by mistake do not overwrite each other's golden: [MatchAs] gives another name.
//
// Nothing finds a golden that no test uses any more: a skipped test looks no different from a deleted one.
//
// # What is compared
//
// The whole template except what changes while nothing that is deployed does:
//
//   - The hashes of assets, which are read from the asset manifests beside the templates, become <hash>, and so does
//     what a function's code adds to the logical id of its current version. Every other checksum stays, such as the
//     digest an image is pinned to.
//   - Metadata of resources under aws:cdk: and aws:asset:. The first holds the path of the construct, which the failure
//     message shows. It is not in the golden, for moving constructs around while their logical ids stay is the very
//     refactoring of which a test should say that nothing changed. The second holds paths of the machine.
//   - The resource CDKMetadata with its condition, and the parameter and the rule of the bootstrap version.
//
// A nested stack is in the golden of its parent, as NestedTemplate of the resource that deploys it: its URL is only a
// hash, which would hide every change.
//
// # Feature flags and the environment
//
// The flags in cdk.json reach an app only through the CDK's command line. [NewApp] passes them, so that a test sees the
// templates that would be deployed. [Context] reads them for apps that are made otherwise. Neither the context nor the
// output directory nor the default account and region that the command line puts into the environment reach a test.
//
// The CDK runs in node, through jsii, which is not safe for concurrent use: tests of this kind cannot call t.Parallel.
// NewApp, Match and the others set environment variables of the test, for which the testing package panics in a
// parallel test.
//
// The cache of go test does not see the files that node reads, such as the directory of an asset. A hash is not
// compared, so this rarely matters; -count=1 tests afresh.
package snapshot
