package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/bench/requests"
	"github.com/ecskit/ecskit/test/bench/services"
	"github.com/ecskit/ecskit/test/snapshot"
)

// requestsOfService are those that a web service of the benchmark makes of node: for each a message goes to another process and back,
// which is what a Go program takes longer for than one in JavaScript. Fewer are better; more need a reason.
var requestsOfService = requests.Counts{
	"create constructs.Construct": 7, // the pattern, the service, and of that the task, the route, the reach, scaling and alarms

	"create aws_applicationautoscaling.CfnScalableTarget": 1,
	"create aws_applicationautoscaling.CfnScalingPolicy":  2,
	"create aws_cloudwatch.CfnAlarm":                      5,
	"create aws_ec2.CfnSecurityGroupEgress":               1,
	"create aws_ec2.CfnSecurityGroupIngress":              1,
	"create aws_ec2.SecurityGroup":                        1,
	"create aws_ecs.CfnService":                           1,
	"create aws_ecs.CfnTaskDefinition":                    1,
	"create aws_elasticloadbalancingv2.CfnListenerRule":   1,
	"create aws_elasticloadbalancingv2.CfnTargetGroup":    2,
	"create aws_iam.CfnPolicy":                            1,
	"create aws_iam.Role":                                 3,
	"create aws_logs.LogGroup":                            1,

	// What others refer to by a token, each asked for once.
	"get aws_applicationautoscaling.CfnScalableTarget.ref":                  1,
	"get aws_ec2.SecurityGroup.securityGroupId":                             1,
	"get aws_ecs.CfnService.attrName":                                       1,
	"get aws_ecs.CfnTaskDefinition.ref":                                     1,
	"get aws_elasticloadbalancingv2.CfnListenerRule.ref":                    1,
	"get aws_elasticloadbalancingv2.CfnTargetGroup.attrTargetGroupFullName": 2,
	"get aws_elasticloadbalancingv2.CfnTargetGroup.ref":                     2,
	"get aws_iam.Role.roleArn":                                              3,
	"get aws_iam.Role.roleName":                                             1,
	"get aws_logs.LogGroup.logGroupArn":                                     1,
	"get aws_logs.LogGroup.logGroupName":                                    1,
	"sget Aws.URL_SUFFIX":                                                   1,

	// What no property says.
	"get aws_ecs.CfnService.node":                                                   1,
	"invoke aws_ec2.SecurityGroup.applyCrossStackReferenceStrength":                 1,
	"invoke aws_elasticloadbalancingv2.CfnListenerRule.addPropertyDeletionOverride": 1,
	"invoke aws_iam.Role.applyCrossStackReferenceStrength":                          1,
	"invoke constructs.Node.addDependency":                                          1,
}

// requestsShared are those for the app, the platform and the stack of services, once.
const requestsShared = 122

// TestRequests counts in a process of its own, with a node that notes what it is asked. The one of the other tests goes on.
func TestRequests(t *testing.T) {
	if file := requests.File(); file != "" {
		countRequests(t, file)
		return
	}
	file := filepath.Join(t.TempDir(), "requests")
	environment, err := requests.Environment(file)
	if err != nil {
		t.Fatal(err)
	}
	alone := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=2m")
	alone.Env = append(os.Environ(), environment...)
	if out, err := alone.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("nothing was counted: %v", err)
	}
}

func countRequests(t *testing.T, file string) {
	t.Helper()
	noted := func() requests.Counts {
		counts, err := requests.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		return counts
	}
	snapshot.NewApp(t) // loads the CDK
	before := noted()
	made := func(n int) requests.Counts {
		app := snapshot.NewApp(t)
		services.New(app, n)
		app.Synth(nil)
		all := noted()
		defer func() { before = all }()
		return all.Beyond(before)
	}
	one, two := made(1), made(2)
	each := two.Beyond(one)
	if shared := one.Total() - each.Total(); shared != requestsShared {
		t.Errorf("what services share takes %d requests of node, not %d", shared, requestsShared)
	}
	if diff := cmp.Diff(requestsOfService, each); diff != "" {
		t.Errorf("a web service takes fewer (-) or more (+) requests of node:\n%s", diff)
	}
}
