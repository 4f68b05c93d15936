package httpapi

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/logs"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Domain is a name of your own for an API.
type Domain struct {
	// Name that clients call, such as api.example.com. Required.
	Name string
	// CertificateARN is the certificate of the name in ACM, in the region of the API. Required.
	CertificateARN string
	// Zone is the hosted zone in Route 53 where a record leads from the name to the API. Zero: you make the record.
	Zone *ingress.Zone
}

// name gives the API its own name and, with a zone, leads from there to it.
func (a *API) name(d Domain) {
	a.DomainName = a.resource("DomainName", "DomainName", map[string]any{
		"DomainName": d.Name,
		"DomainNameConfigurations": []any{map[string]any{
			"CertificateArn": d.CertificateARN, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2",
		}},
	})
	a.Mapping = a.resource("Mapping", "ApiMapping", map[string]any{
		"ApiId": a.API.Ref(), "DomainName": a.DomainName.Ref(), "Stage": a.Stage.Ref(),
	})
	a.url = jsii.String("https://" + d.Name)
	if d.Zone == nil {
		return
	}
	attribute := func(name string) *string {
		return a.DomainName.GetAtt(&name, awscdk.ResolutionTypeHint_STRING).ToString()
	}
	a.Record = awscdk.NewCfnResource(a, jsii.String("Record"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::Route53::RecordSet"),
		Properties: &map[string]any{
			"HostedZoneId": d.Zone.ID, "Name": d.Name + ".", "Type": "A",
			"AliasTarget": map[string]any{
				"DNSName": attribute("RegionalDomainName"), "HostedZoneId": attribute("RegionalHostedZoneId"),
			},
		},
	})
}

// stage makes the stage, which takes over every change of routes by itself.
func (a *API) stage(p Props, place string) awscdk.CfnResource {
	properties := map[string]any{
		"ApiId": a.API.Ref(), "StageName": "$default", "AutoDeploy": true,
		"DefaultRouteSettings": map[string]any{
			"ThrottlingRateLimit": p.Throttle.Rate, "ThrottlingBurstLimit": p.Throttle.Burst, "DetailedMetricsEnabled": true,
		},
	}
	if !p.NoAccessLogs {
		properties["AccessLogSettings"] = a.accessLogs(p, place)
	}
	stage := a.resource("Stage", "Stage", properties)
	for _, route := range a.Routes {
		stage.Node().AddDependency(route)
	}
	return stage
}

// accessLogs makes the log group, of a name for which CloudWatch Logs needs no line in a policy that has room for few, and
// says what of a request is logged.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
func (a *API) accessLogs(p Props, place string) map[string]any {
	a.LogGroup = awslogs.NewLogGroup(a, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		LogGroupName: jsii.String(names.Key("/aws/vendedlogs/apis/"+names.Family(place)+"-", place)),
		Retention:    logs.Retention(p.LogRetentionDays), RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	arn := check.EnvOf(a).ARN("logs", "log-group:"+*a.LogGroup.LogGroupName())
	format := map[string]string{
		"requestId": "$context.requestId", "time": "$context.requestTime", "ip": "$context.identity.sourceIp",
		"userAgent": "$context.identity.userAgent", "protocol": "$context.protocol", "method": "$context.httpMethod", "path": "$context.path",
		"route": "$context.routeKey", "status": "$context.status", "responseLength": "$context.responseLength",
		"latency": "$context.responseLatency", "error": "$context.error.message", "authorizerError": "$context.authorizer.error",
		"integrationStatus": "$context.integrationStatus", "integrationLatency": "$context.integrationLatency",
		"integrationError": "$context.integrationErrorMessage",
	}
	text, err := json.Marshal(format)
	if err != nil {
		panic(err) // strings can be written
	}
	return map[string]any{"DestinationArn": arn, "Format": string(text)}
}
