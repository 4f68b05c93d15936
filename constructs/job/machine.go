package job

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/task"
)

// ForEach runs a task for each element of a list of some 2000 at most, for Step Functions remembers 25000 events of an execution. If one of them fails, those that run are stopped, and the job fails. A deployment of
// another revision meanwhile has the same effect, for the one before can no longer be run.
type ForEach struct {
	// Items is the path of the list in the input, such as detail.files. Required.
	Items string
	// AtOnce is how many tasks run beside each other, 1-40. Zero: 10.
	AtOnce int
}

// DefaultAtOnce is how many tasks of a ForEach run beside each other unless the user says otherwise.
const DefaultAtOnce = 10

const maxAtOnce = 40

// Problems names a path that is none, and a number out of range.
func (f ForEach) Problems() check.Problems {
	var ps check.Problems
	if !isPath(f.Items) {
		ps.Add("Items", f.Items, pathRule)
	}
	ps.Range("AtOnce", f.AtOnce, 0, maxAtOnce).See("https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html")
	return ps
}

// definition is the state machine in Amazon States Language, with expressions in JSONata.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
func (j *Job) definition(p Props) map[string]any {
	run := map[string]any{"StartAt": "Run", "States": map[string]any{"Run": j.run(p)}}
	start, states := "Run", map[string]any{"Run": j.run(p)}
	if each := p.ForEach; each != nil {
		atOnce := each.AtOnce
		atOnce = cmp.Or(atOnce, DefaultAtOnce)
		run["ProcessorConfig"] = map[string]string{"Mode": "INLINE"}
		start, states = "ForEach", map[string]any{"ForEach": map[string]any{
			"Type": "Map", "Items": "{% " + path(each.Items) + " %}", "MaxConcurrency": atOnce, "ItemProcessor": run, "End": true,
		}}
	}
	if p.NoOverlap {
		j.locked(p, start, states)
		start = "Lock"
	}
	return map[string]any{"QueryLanguage": "JSONata", "StartAt": start, "States": states}
}

// run is the state that runs a task and waits for its end.
func (j *Job) run(p Props) map[string]any {
	retry := []map[string]any{{ // what ECS cannot do for a moment, for it has no room, or rights have not come everywhere
		"ErrorEquals": []string{
			"ECS.ServerException", "ECS.ThrottlingException", "ECS.AmazonECSException", "ECS.SdkClientException", "ECS.AccessDeniedException",
			"AmazonECS.Unknown",
		},
		"IntervalSeconds": 10, "BackoffRate": 2, "MaxAttempts": 5, "JitterStrategy": "FULL",
	}}
	if p.Retries > 0 {
		retry = append(retry, map[string]any{
			"ErrorEquals": []string{"States.TaskFailed", "States.Timeout"}, "IntervalSeconds": max(60, p.stopping()), "BackoffRate": 2, "MaxAttempts": p.Retries,
		})
	}
	return map[string]any{
		"Type": "Task", "Resource": *j.resource("ecs:runTask.sync"), "Arguments": j.arguments(p),
		"TimeoutSeconds": p.Timeout.Seconds(), "Retry": retry, "Output": "{% $states.input %}", "End": true,
	}
}

// arguments are those of RunTask.
func (j *Job) arguments(p Props) map[string]any {
	arguments := map[string]any{
		"Cluster": p.Cluster.ClusterName(), "TaskDefinition": j.Task.Definition.Ref(), "PropagateTags": "TASK_DEFINITION",
	}
	var shares []map[string]any
	for _, share := range p.Capacity.Strategy() {
		shares = append(shares, map[string]any{"CapacityProvider": share.Provider, "Base": share.Base, "Weight": share.Weight})
	}
	arguments["CapacityProviderStrategy"] = shares
	if j.SecurityGroup != nil {
		arguments["NetworkConfiguration"] = map[string]any{"AwsvpcConfiguration": map[string]any{
			"Subnets": p.Cluster.Network.TaskSubnetIDs, "SecurityGroups": []*string{j.SecurityGroup.SecurityGroupId()}, "AssignPublicIp": "DISABLED",
		}}
	}
	var variables []map[string]any
	for _, name := range slices.Sorted(maps.Keys(p.Variables)) {
		from := path(p.Variables[name])
		variables = append(variables, map[string]any{"Name": name, "Value": "{% $exists(" + from + ") and " + from + " != null ? $string(" + from + ") : '' %}"})
	}
	if variables != nil {
		arguments["Overrides"] = map[string]any{"ContainerOverrides": []map[string]any{{"Name": task.Main, "Environment": variables}}}
	}
	return arguments
}

// path is a path in the input as JSONata has it.
func path(of string) string {
	if of == "" {
		return "$states.input"
	}
	return "$states.input.`" + strings.ReplaceAll(of, ".", "`.`") + "`"
}

// lockID is the key of the one lock in the table.
const lockID = "job"

// locked puts a lock around the states: a start while another runs succeeds without having done anything. A lock that nobody gave back, for
// its execution was stopped, is taken over, as whoever holds it is asked whether it still runs.
func (j *Job) locked(p Props, start string, states map[string]any) {
	const me, input = "{% $states.context.Execution.Id %}", "{% $states.input %}"
	names := map[string]string{"#owner": "Owner"}
	id, text := map[string]any{"Id": map[string]string{"S": lockID}}, func(s string) map[string]string { return map[string]string{"S": s} }
	busy := []map[string]any{{
		"ErrorEquals": []string{
			"DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.ThrottlingException", "DynamoDB.InternalServerErrorException",
			"DynamoDB.SdkClientException",
		},
		"IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5,
	}}
	taken := func(next string) []map[string]any {
		return []map[string]any{{"ErrorEquals": []string{"DynamoDB.ConditionalCheckFailedException"}, "Next": next, "Output": input}}
	}
	put := func(condition, value string) map[string]any {
		return map[string]any{
			"Type": "Task", "Resource": *j.resource("dynamodb:putItem"), "Arguments": map[string]any{
				"TableName": j.Locks.Ref(), "Item": map[string]any{"Id": text(lockID), "Owner": text(me)},
				"ConditionExpression": condition, "ExpressionAttributeNames": names, "ExpressionAttributeValues": map[string]any{":owner": text(value)},
			},
			"Output": input, "Next": start, "Retry": busy,
		}
	}
	first := states[start].(map[string]any)
	delete(first, "End")
	first["Next"] = "Unlock"
	first["Catch"] = []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "Next": "Stop", "Output": "{% $states.errorOutput %}"}}

	states["Lock"] = with(put("attribute_not_exists(Id) OR #owner = :owner", me), "Catch", taken("Who"))
	states["Who"] = map[string]any{
		"Type": "Task", "Resource": *j.resource("dynamodb:getItem"), "Retry": busy, "Output": input, "Next": "Anybody",
		"Arguments": map[string]any{"TableName": j.Locks.Ref(), "Key": id, "ConsistentRead": true},
		"Assign":    map[string]string{"owner": "{% $exists($states.result.Item.Owner.S) ? $states.result.Item.Owner.S : '' %}"},
	}
	states["Anybody"] = map[string]any{
		"Type": "Choice", "Choices": []map[string]any{{"Condition": "{% $owner = '' %}", "Next": "Lock"}}, "Default": "Runs",
	}
	states["Runs"] = map[string]any{
		"Type": "Task", "Resource": *j.resource("aws-sdk:sfn:describeExecution"), "Arguments": map[string]any{"ExecutionArn": "{% $owner %}"},
		"Assign": map[string]string{"status": "{% $states.result.Status %}"}, "Output": input, "Next": "Still",
		"Retry": []map[string]any{{"ErrorEquals": []string{"Sfn.SfnException"}, "IntervalSeconds": 5, "BackoffRate": 2, "MaxAttempts": 5}},
		"Catch": []map[string]any{{"ErrorEquals": []string{"Sfn.ExecutionDoesNotExistException"}, "Next": "Take", "Output": input}},
	}
	states["Still"] = map[string]any{
		"Type": "Choice", "Choices": []map[string]any{{"Condition": "{% $status = 'RUNNING' %}", "Next": "Done"}}, "Default": "Take",
	}
	states["Take"] = with(put("#owner = :owner", "{% $owner %}"), "Catch", taken("Done"))

	unlock := map[string]any{
		"Type": "Task", "Resource": *j.resource("dynamodb:deleteItem"), "Retry": busy, "Output": input,
		"Arguments": map[string]any{
			"TableName": j.Locks.Ref(), "Key": id, "ConditionExpression": "#owner = :owner", "ExpressionAttributeNames": names,
			"ExpressionAttributeValues": map[string]any{":owner": text(me)},
		},
	}
	anyhow := func(next string) []map[string]any { // who comes next finds out that this one has ended
		return []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "Next": next, "Output": input}}
	}
	states["Unlock"] = with(with(unlock, "Next", "Done"), "Catch", anyhow("Done"))
	states["Stop"] = map[string]any{"Type": "Wait", "Seconds": p.stopping(), "Next": "UnlockFailed"}
	states["UnlockFailed"] = with(with(unlock, "Next", "Failed"), "Catch", anyhow("Failed"))
	states["Failed"] = map[string]any{"Type": "Fail", "Error": orEmpty("Error"), "Cause": orEmpty("Cause")}
	states["Done"] = map[string]any{"Type": "Succeed"}
}

// orEmpty is a field of what was caught, which may lack it.
func orEmpty(field string) string {
	return "{% $exists($states.input." + field + ") ? $states.input." + field + " : '' %}"
}

func with(state map[string]any, key string, value any) map[string]any {
	all := maps.Clone(state)
	all[key] = value
	return all
}

// stopping is how many seconds the containers of a task may take to stop.
func (p Props) stopping() int {
	longest := 0
	for _, c := range p.Task.Containers() {
		longest = max(longest, int(c.StopTimeout.Seconds()))
	}
	return longest
}

// longest is how long a task can take at most, its retries included.
func (p Props) longest() time.Duration {
	total := time.Duration(p.Retries+1) * p.Timeout
	for i := range p.Retries {
		total += time.Minute << i
	}
	return total
}

// resource is the ARN of an integration of Step Functions.
func (j *Job) resource(integration string) *string {
	return jsii.String("arn:" + check.EnvOf(j).Partition + ":states:::" + integration)
}

// newLocks makes the table with the lock.
func (j *Job) newLocks() awscdk.CfnResource {
	return awscdk.NewCfnResource(j, jsii.String("Locks"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::DynamoDB::Table"),
		Properties: &map[string]any{
			"BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": []map[string]string{{"AttributeName": "Id", "AttributeType": "S"}},
			"KeySchema": []map[string]string{{"AttributeName": "Id", "KeyType": "HASH"}}, "SSESpecification": map[string]bool{"SSEEnabled": true},
		},
	})
}

// machineRights are to run this revision in this cluster, with its roles, and to look after its tasks.
func (j *Job) machineRights(p Props) []rights.Statement {
	name := *p.Cluster.ClusterName()
	inCluster := map[string]any{"ArnEquals": map[string]*string{"ecs:cluster": j.arn("ecs", "cluster/"+name)}}
	tasks := []*string{j.arn("ecs", "task/"+name+"/*")}
	statements := []rights.Statement{
		{Actions: []string{"ecs:RunTask"}, Resources: []*string{j.Task.Definition.Ref()}, Conditions: inCluster},
		{Actions: []string{"ecs:DescribeTasks", "ecs:StopTask"}, Resources: tasks, Conditions: inCluster},
		{
			Actions: []string{"ecs:TagResource"}, Resources: tasks,
			Conditions: map[string]any{"StringEquals": map[string]string{"ecs:CreateAction": "RunTask"}},
		},
		{
			Actions: []string{"iam:PassRole"}, Resources: []*string{j.Task.Role.RoleArn(), j.Task.ExecutionRole.RoleArn()},
			Conditions: map[string]any{"StringEquals": map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
		},
		{ // by which Step Functions hears of the end of tasks
			Actions:   []string{"events:DescribeRule", "events:PutRule", "events:PutTargets"},
			Resources: []*string{j.arn("events", "rule/StepFunctionsGetEventsForECSTaskRule")},
		},
	}
	if j.Locks != nil {
		table := j.Locks.GetAtt(jsii.String("Arn"), awscdk.ResolutionTypeHint_STRING).ToString()
		statements = append(statements, rights.Statement{Actions: []string{"dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"}, Resources: []*string{table}})
	}
	return statements
}
