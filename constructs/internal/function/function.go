// Package function makes Lambda functions of the library's own that CloudFormation calls for custom resources: small, of one
// file, with a role and a log group that are theirs alone.
package function

import (
	_ "embed"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/logs"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// Props says what the function runs and may do.
type Props struct {
	// Code is what stands after [Source]'s own in the module, which CloudFormation makes a package of.
	Code string
	// Rights are what it may do beside writing its log.
	Rights []rights.Statement
	// Waits says that it may take longer than a function runs, and has to call itself again. Zero: two minutes do.
	Waits bool
}

// runtime is the latest that Lambda has.
const runtime = "nodejs24.x"

// How long Lambda lets a function run: the most that it does, if the function waits for something.
const (
	timeout     = 2 * time.Minute
	mostTimeout = 15 * time.Minute
	mostAge     = time.Hour // of an event: CloudFormation waits no longer for its answer
)

//go:embed resource.js
var resource string

// Source returns the CommonJS module that runs code.
func Source(code string) string { return resource + "\n" + code }

// Function is a Lambda function. Who waits for it waits for its rights.
type Function struct {
	constructs.Construct
	Function awslambda.CfnFunction
}

// New makes the function, with the children "Role", "LogGroup" and "Function", and "Events" if it waits.
func New(scope constructs.Construct, id string, p Props) *Function {
	f := &Function{}
	check.Construct(f, scope, id)
	group := awslogs.NewLogGroup(f, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		Retention: logs.Retention(logs.DefaultRetentionDays), RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	role := rights.NewUnconditionalRole(f, "Role", "lambda.amazonaws.com")
	longest := timeout
	if p.Waits {
		longest = mostTimeout
	}
	f.Function = awslambda.NewCfnFunction(f, jsii.String("Function"), &awslambda.CfnFunctionProps{
		Runtime: jsii.String(runtime), Handler: jsii.String("index.handler"), Role: role.RoleArn(),
		Code:          &awslambda.CfnFunction_CodeProperty{ZipFile: jsii.String(Source(p.Code))},
		Timeout:       jsii.Number(longest.Seconds()),
		Architectures: jsii.Strings("arm64"),
		LoggingConfig: &awslambda.CfnFunction_LoggingConfigProperty{LogGroup: group.LogGroupName()},
	})
	statements := slices.Concat([]rights.Statement{{
		Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []*string{group.LogGroupArn()},
	}}, p.Rights)
	if p.Waits {
		// An event that comes again hours later would bring back what was wanted then.
		awslambda.NewCfnEventInvokeConfig(f, jsii.String("Events"), &awslambda.CfnEventInvokeConfigProps{
			FunctionName: f.Function.Ref(), Qualifier: jsii.String("$LATEST"), MaximumEventAgeInSeconds: jsii.Number(mostAge.Seconds()),
		})
		statements = append(statements, rights.Statement{
			Actions: []string{"lambda:InvokeFunction"}, Resources: []*string{f.Function.AttrArn()},
		})
	}
	rights.Allow(role, statements...)
	return f
}

// ARN returns the ARN of the function.
func (f *Function) ARN() *string { return f.Function.AttrArn() }
