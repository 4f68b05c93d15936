package property

import (
	"go/parser"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/patterns/web"
)

// TestPlansAreGo reads plans as they are printed.
func TestPlansAreGo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := source(rapid.Custom(drawApp).Draw(rt, "app"))
		if _, err := parser.ParseExpr(text); err != nil {
			rt.Errorf("%v in:\n%s", err, text)
		}
	})
}

func TestSource(t *testing.T) {
	got := source(servicePlan{AllowFrom: []int{1, 2}, Web: &web.Props{
		HealthCheckGrace: 90 * time.Second, Scaling: &scaling.Policy{Steps: []scaling.StepScaling{{Steps: []scaling.Step{scaling.From(0.5, 1)}}}},
		Deploy: deployment.CodeDeploy{Hooks: map[deployment.Event]awslambda.IFunction{"A": ownFunction{}}},
	}})
	const want = `servicePlan{
	Web: &web.Props{
		HealthCheckGrace: 90 * time.Second,
		Deploy: deployment.CodeDeploy{
			Hooks: map[deployment.Event]awslambda.IFunction{
				"A": ownFunction{},
			},
		},
		Scaling: &scaling.Policy{
			Steps: []scaling.StepScaling{
				scaling.StepScaling{
					Steps: []scaling.Step{
						scaling.Step{
							Lower: 0.5,
							Upper: math.Inf(1),
							Change: 1,
						},
					},
				},
			},
		},
	},
	AllowFrom: []int{1, 2},
}`
	if strings.TrimSpace(got) != want {
		t.Errorf("got %s", got)
	}
}
