package job

import (
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

// ForEach runs a task for each element of a list. If one of them fails, those that run are stopped, and the job fails. A deployment of
// another revision meanwhile has the same effect, for the one before can no longer be run.
type ForEach struct {
	// Items is the path of the list in the input, such as detail.files. Required.
	Items string
	// AtOnce is how many tasks run beside each other, 1-1000. Zero: 10.
	AtOnce int
}

// DefaultAtOnce is how many tasks of a ForEach run beside each other unless the user says otherwise.
const DefaultAtOnce = 10

// Problems names a path that is none, and a number out of range.
func (f ForEach) Problems() check.Problems {
	var ps check.Problems
	if !isPath(f.Items) {
		ps.Add("Items", f.Items, pathRule)
	}
	ps.Range("AtOnce", f.AtOnce, 0, 1000)
	return ps
}

// definition is the state machine in Amazon States Language, with expressions in JSONata.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
func (j *Job) definition(p Props) map[string]any {
	run := map[string]any{"StartAt": "Run", "States": map[string]any{"Run": j.run(p)}}
	start, states := "Run", map[string]any{"Run": j.run(p)}
	if each := p.ForEach; each != nil {
		atOnce := each.AtOnce
		if atOnce == 0 {
			atOnce = DefaultAtOnce
		}
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
	retry := []map[string]any{{ // what ECS cannot do for a moment
		"ErrorEquals": []string{
			"ECS.ServerException", "ECS.ThrottlingException", "ECS.AmazonECSException", "ECS.SdkClientException", "ECS.AccessDeniedException",
		},
		"IntervalSeconds": 10, "BackoffRate": 2, "MaxAttempts": 5,
	}}
	if p.Retries > 0 {
		retry = append(retry, map[string]any{
			"ErrorEquals": []string{"States.TaskFailed", "States.Timeout"}, "IntervalSeconds": 60, "BackoffRate": 2, "MaxAttempts": p.Retries,
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
		variables = append(variables, map[string]any{"Name": name, "Value": "{% $exists(" + from + ") ? $string(" + from + ") : '' %}"})
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

// locked puts a lock around the states: a start while another runs succeeds without having done anything. A lock that nobody gave back, for its
// job was aborted, counts for nothing when the job could not run any more.
func (j *Job) locked(p Props, start string, states map[string]any) {
	longest := p.longest().Milliseconds()
	id := map[string]any{"Id": map[string]string{"S": lockID}}
	states[start].(map[string]any)["Next"] = "Unlock"
	delete(states[start].(map[string]any), "End")
	states[start].(map[string]any)["Catch"] = []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "Next": "UnlockFailed", "Output": "{% $states.errorOutput %}"}}
	item := map[string]any{
		"Id": map[string]string{"S": lockID}, "Owner": map[string]string{"S": "{% $states.context.Execution.Id %}"},
		"Until": map[string]string{"N": "{% $string($millis() + " + jsonNumber(longest) + ") %}"},
	}
	states["Lock"] = map[string]any{
		"Type": "Task", "Resource": *j.resource("dynamodb:putItem"),
		"Arguments": map[string]any{
			"TableName": j.Locks.Ref(), "Item": item,
			"ConditionExpression":       "attribute_not_exists(Id) OR #until < :now OR #owner = :me",
			"ExpressionAttributeNames":  map[string]string{"#until": "Until", "#owner": "Owner"},
			"ExpressionAttributeValues": map[string]any{":now": map[string]string{"N": "{% $string($millis()) %}"}, ":me": map[string]string{"S": "{% $states.context.Execution.Id %}"}},
		},
		"Output": "{% $states.input %}", "Next": start,
		"Catch": []map[string]any{{"ErrorEquals": []string{"DynamoDB.ConditionalCheckFailedException"}, "Next": "Done"}},
		"Retry": []map[string]any{{
			"ErrorEquals":     []string{"DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.ThrottlingException", "DynamoDB.InternalServerErrorException", "DynamoDB.SdkClientException"},
			"IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5,
		}},
	}
	unlock := map[string]any{
		"Type": "Task", "Resource": *j.resource("dynamodb:deleteItem"),
		"Arguments": map[string]any{
			"TableName": j.Locks.Ref(), "Key": id, "ConditionExpression": "#owner = :me", "ExpressionAttributeNames": map[string]string{"#owner": "Owner"},
			"ExpressionAttributeValues": map[string]any{":me": map[string]string{"S": "{% $states.context.Execution.Id %}"}},
		},
		"Output": "{% $states.input %}",
		"Retry":  []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 3}},
	}
	states["Unlock"] = with(unlock, map[string]any{"End": true, "Catch": []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "Next": "Done"}}})
	states["UnlockFailed"] = with(unlock, map[string]any{"Next": "Failed", "Catch": []map[string]any{{"ErrorEquals": []string{"States.ALL"}, "Next": "Failed", "Output": "{% $states.input %}"}}})
	states["Failed"] = map[string]any{"Type": "Fail", "Error": "{% $states.input.Error %}", "Cause": "{% $states.input.Cause %}"}
	states["Done"] = map[string]any{"Type": "Succeed"}
}

func with(state, more map[string]any) map[string]any {
	all := maps.Clone(state)
	maps.Copy(all, more)
	return all
}

// lockSlack is how much longer a lock holds than its job should take.
const lockSlack = time.Hour

// longest is how long the job can run at most, its retries included.
func (p Props) longest() time.Duration {
	total := time.Duration(p.Retries+1)*p.Timeout + lockSlack
	for i := range p.Retries {
		total += time.Minute << i
	}
	if p.ForEach != nil {
		return max(total, 24*time.Hour)
	}
	return total
}

// resource is the ARN of an integration of Step Functions.
func (j *Job) resource(integration string) *string {
	return jsii.String("arn:" + *check.Stack(j).Partition() + ":states:::" + integration)
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
		statements = append(statements, rights.Statement{Actions: []string{"dynamodb:DeleteItem", "dynamodb:PutItem"}, Resources: []*string{table}})
	}
	return statements
}
