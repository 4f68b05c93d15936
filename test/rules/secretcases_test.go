package rules_test

import "strings"

// Paths and values that many changes around secrets have in common.
const (
	report       = "Report.Properties.ContainerDefinitions[0]"
	reportStart  = "ReportExecutionRole.Properties.Policies[0].PolicyDocument.Statement"
	reportSecret = "execution-role Report Properties.ContainerDefinitions[0].Secrets[0].ValueFrom"
	reportFile   = "execution-role Report Properties.ContainerDefinitions[0].EnvironmentFiles[0].Value"
	restore      = "RestoreRole.Properties.Policies[0].PolicyDocument.Statement[1]"
	restoreReads = "secret-privacy RestoreRole Properties.Policies[0].PolicyDocument.Statement[1].Resource"
	taskRights   = "TaskPolicy.Properties.PolicyDocument.Statement[0]"
	taskWild     = "wildcard-resource TaskPolicy Properties.PolicyDocument.Statement[0].Resource"
	taskReads    = "secret-privacy TaskPolicy Properties.PolicyDocument.Statement[1].Resource"
	variable     = "plain-secret Task Properties.ContainerDefinitions[0].Environment[2].Value"

	dbPassword = `"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/api/db-password"`
	account    = `{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}`
	otherKey   = `"arn:aws:kms:eu-west-1:111122223333:key/0"`
)

// environment gives the container of the service a third variable.
func environment(name, value string) []edit {
	return []edit{{app + ".Environment[2]", `{"Name": "` + name + `", "Value": ` + value + `}`}}
}

// allow is a statement.
func allow(actions, resource string) string {
	return `{"Effect": "Allow", "Action": ` + actions + `, "Resource": ` + resource + `}`
}

var secretBreakages = []change{
	{
		"execution-role", "no right to decrypt a secret",
		[]edit{{reportStart + "[2].Resource", otherKey}},
		[]string{reportSecret}, "does not grant kms:Decrypt on arn:${AWS::Partition}:kms:",
	},
	{
		"execution-role", "right to decrypt a secret by the key's alias",
		[]edit{{reportStart + "[2].Resource", `"arn:aws:kms:eu-west-1:111122223333:alias/shop"`}},
		[]string{reportSecret}, "kms:Decrypt",
	},
	{
		"execution-role", "key policy that leaves it to IAM",
		[]edit{
			{reportStart + "[2].Resource", otherKey},
			{"Key.Properties.KeyPolicy.Statement", `[
				{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": [` + account + `, {"Ref":
				"AWS::AccountId"}, "111122223333"]}},
				{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Principal": {"Service": "logs.amazonaws.com"}},
				{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Principal": "*"}]`},
		},
		[]string{reportSecret}, "kms:Decrypt",
	},
	{
		"execution-role", "key policy for another role",
		[]edit{
			{reportStart + "[2].Resource", otherKey},
			{"Key.Properties.KeyPolicy.Statement", `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
				"Principal": {"AWS": {"Fn::GetAtt": "ExecutionRole.Arn"}}}`},
		},
		[]string{reportSecret}, "kms:Decrypt",
	},
	{
		"execution-role", "no right to decrypt the credentials of a registry",
		[]edit{
			{report + ".RepositoryCredentials.CredentialsParameter", `"shop/signing"`},
			{report + ".Secrets", ""},
			{reportStart + "[2].Resource", otherKey},
		},
		[]string{"execution-role Report Properties.ContainerDefinitions[0].RepositoryCredentials.CredentialsParameter"},
		"kms:Decrypt",
	},
	{
		"execution-role", "no right to an environment file",
		[]edit{{reportStart + "[3].Effect", `"Deny"`}},
		[]string{reportFile}, "s3:GetObject on arn:${AWS::Partition}:s3:::${Shop/Files.BucketName}/report.env",
	},
	{
		"execution-role", "no right to the region of an environment file",
		[]edit{{reportStart + "[4].Effect", `"Deny"`}},
		[]string{reportFile}, "s3:GetBucketLocation",
	},
	{
		"execution-role", "bucket policy that leaves it to IAM",
		[]edit{
			{reportStart + "[4].Effect", `"Deny"`},
			{"FilesPolicy", `{"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Files"}, "PolicyDocument": {
				"Statement": {"Effect": "Allow", "Principal": {"AWS": ` + account + `}}}}}`},
		},
		[]string{reportFile}, "s3:GetBucketLocation",
	},
	{
		"execution-role", "no right to a secret of Splunk",
		[]edit{{reportStart + "[0].Effect", `"Deny"`}},
		[]string{"execution-role Report Properties.ContainerDefinitions[0].LogConfiguration.SecretOptions[0].ValueFrom"},
		"parameter/shop/splunk-token",
	},

	{
		"secret-privacy", "task role",
		[]edit{{"TaskPolicy.Properties.PolicyDocument.Statement[1]", allow(`"ssm:GetParameter"`, dbPassword)}},
		[]string{taskReads}, "Shop/TaskRole can read arn:${AWS::Partition}:ssm:",
	},
	{
		"secret-privacy", "function, with wildcards",
		[]edit{{restore, allow(`["ssm:Get*", "secretsmanager:*"]`, `"*"`)}},
		[]string{restoreReads}, "parameter/shop/migration/db-password, ",
	},
	{
		"secret-privacy", "function, by the names of secrets",
		[]edit{{restore, allow(`"secretsmanager:GetSecretValue"`, `"arn:aws:secretsmanager:*:*:secret:shop/*"`)}},
		[]string{restoreReads}, "secret:shop/signing-${Shop/Signing.Suffix}",
	},
	{
		"secret-privacy", "function that may set every secret",
		[]edit{{restore, allow(`["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]`, `"*"`)}},
		[]string{restoreReads}, "${Shop/Secret.Name}",
	},
	{
		"secret-privacy", "denied something else",
		[]edit{
			{restore, allow(`"secretsmanager:GetSecretValue"`, `{"Ref": "Signing"}`)},
			{"RestoreRole.Properties.Policies[0].PolicyDocument.Statement[2]", `{"Effect": "Deny", "Action":
				"secretsmanager:*", "Resource": {"Ref": "Secret"}}`},
		},
		[]string{restoreReads}, "signing",
	},
	{
		"secret-privacy", "execution role of another task",
		[]edit{{start + "[3].Resource", `"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/*"`}},
		[]string{"secret-privacy MigrationExecutionRole Properties.Policies[0].PolicyDocument.Statement[3].Resource"},
		"parameter/shop/api/db-password, ",
	},

	{
		"plain-secret", "password", environment("DB_PASSWORD", `"hunter2"`),
		[]string{variable}, "DB_PASSWORD has the name of a credential",
	},
	{
		"plain-secret", "access key", environment("ID", `"AK`+`IA`+strings.Repeat("Q2", 8)+`"`),
		[]string{variable}, "an access key of AWS",
	},
	{
		"plain-secret", "private key", environment("TLS", `"-----BEGIN RSA PRIVATE `+`KEY-----\nMII"`),
		[]string{variable}, "a private key",
	},
	{
		"plain-secret", "token of GitHub", environment("GIT", `"ghp_`+strings.Repeat("a1", 18)+`"`),
		[]string{variable}, "a token of GitHub",
	},
	{
		"plain-secret", "webhook", environment("NOTIFY", `"https://hooks.slack.com/`+`services/T0/B0/x"`),
		[]string{variable}, "a webhook of Slack",
	},
	{
		"plain-secret", "URL with a password",
		environment("DB", `{"Fn::Sub": "postgres://${Size}:hunter2@${Size}:5432/shop"}`),
		[]string{variable}, "a URL with a password",
	},
	{
		"plain-secret", "connection string",
		environment("DB", `{"Fn::Join": [";", ["Server=db", {"Ref": "Size"}, "Password=hunter2"]]}`),
		[]string{variable}, "a connection string with a password",
	},
	{
		"plain-secret", "value that CloudFormation reads from Parameter Store", environment("API_KEY", `{"Ref": "Flags"}`),
		[]string{variable}, "the template parameter Flags reads",
	},
	{
		"plain-secret", "in a text, value that CloudFormation reads from Parameter Store",
		environment("dbPass", `{"Fn::Sub": "x${Flags}"}`),
		[]string{variable}, "dbPass has the name",
	},
	{
		"plain-secret", "command",
		[]edit{
			{report + ".EntryPoint[1]", `"--db=mysql://app:hunter2@db/shop"`},
			{report + ".Command", `["sh", "-c", "serve --db-password=hunter2", "--api-key=abc123", "DB_PASSWORD=hunter2"]`},
		},
		[]string{
			"plain-secret Report Properties.ContainerDefinitions[0].Command[2]",
			"plain-secret Report Properties.ContainerDefinitions[0].Command[3]",
			"plain-secret Report Properties.ContainerDefinitions[0].Command[4]",
			"plain-secret Report Properties.ContainerDefinitions[0].EntryPoint[1]",
		},
		"take it from the variable",
	},
	{
		"plain-secret", "options of logs",
		[]edit{
			{report + ".LogConfiguration.Options.splunk-token", `"01234567-89ab-cdef-0123-456789abcdef"`},
			{report + ".FirelensConfiguration.Options.apikey", `"0123456789abcdef"`},
		},
		[]string{
			"plain-secret Report Properties.ContainerDefinitions[0].FirelensConfiguration.Options.apikey",
			"plain-secret Report Properties.ContainerDefinitions[0].LogConfiguration.Options.splunk-token",
		},
		"SecretOptions",
	},
	{
		"plain-secret", "function",
		[]edit{
			{"Restore.Properties.Environment.Variables.CLIENT_SECRET", `"q7Zk"`},
			{"Restore.Properties.Environment.Variables.sessionToken", `{"Ref": "Flags"}`},
		},
		[]string{
			"plain-secret Restore Properties.Environment.Variables.CLIENT_SECRET",
			"plain-secret Restore Properties.Environment.Variables.sessionToken",
		},
		"let the function read it",
	},
	{
		"plain-secret", "parameter",
		[]edit{{"Parameter", `{"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String",
			"Name": "/shop/api/smtp-pass", "Value": "hunter2"}}`}},
		[]string{"plain-secret Parameter Properties.Value"}, "/shop/api/smtp-pass has the name",
	},
	{
		"plain-secret", "value of a secret",
		[]edit{
			{"Secret.Properties", `{"SecretString": "{\"username\": \"app\", \"value\": \"hunter2\"}"}`},
			{"Signing.Properties.GenerateSecretString", ""}, {"Signing.Properties.SecretString", `"hunter2"`},
		},
		[]string{"plain-secret Secret Properties.SecretString", "plain-secret Signing Properties.SecretString"},
		"value is part of a secret",
	},

	{
		"wildcard-resource", "every queue", []edit{{taskRights + ".Resource", `"*"`}},
		[]string{taskWild}, "name the exact queue",
	},
	{
		"wildcard-resource", "every queue of an account",
		[]edit{{taskRights + ".Resource", `["arn:aws:sqs:eu-west-1:111122223333:*"]`}},
		[]string{taskWild}, "may do sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:*",
	},
	{
		"wildcard-resource", "object of every bucket, beside what knows no resources",
		[]edit{{taskRights, allow(`["xray:PutTraceSegments", "s3:GetObject"]`, `"arn:aws:s3:::*/*"`)}},
		[]string{taskWild}, "name the exact object or prefix",
	},
	{
		"wildcard-resource", "all actions of a service", []edit{{taskRights, allow(`"dynamodb:*"`, `"*"`)}},
		[]string{taskWild}, "dynamodb:*",
	},
	{
		"wildcard-resource", "every action but some",
		[]edit{{taskRights, `{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}`}},
		[]string{taskWild}, "may do * on *",
	},
	{
		"wildcard-resource", "every action and a secret",
		[]edit{{taskRights, allow(`"*"`, `"*"`)}},
		[]string{"secret-privacy TaskPolicy Properties.PolicyDocument.Statement[0].Resource", taskWild}, "may do *",
	},
	{
		"wildcard-resource", "metrics of every namespace",
		[]edit{
			{taskRights, allow(`"cloudwatch:PutMetricData"`, `"*"`)},
			{taskRights + ".Condition", `{"Bool": {"aws:SecureTransport": true}}`},
		},
		[]string{taskWild}, "a Condition on cloudwatch:namespace",
	},
	{
		"wildcard-resource", "protection of every task",
		[]edit{{taskRights, allow(`["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]`, `"*"`)}},
		[]string{taskWild}, "ecs:cluster",
	},
}

var secretNearMisses = []change{
	{rule: "execution-role", name: "key policy that admits the role", edits: []edit{
		{reportStart + "[2].Effect", `"Deny"`},
		{"Key.Properties.KeyPolicy.Statement", `[{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
			"Principal": {"AWS": [` + account + `, {"Fn::GetAtt": "ReportExecutionRole.Arn"}]}}]`},
	}},
	{rule: "execution-role", name: "key policy that admits everyone", edits: []edit{
		{reportStart + "[2].Effect", `"Deny"`},
		{"Key.Properties.KeyPolicy.Statement", `[{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": "*"}]`},
	}},
	{rule: "execution-role", name: "key policy for a principal of a parameter", edits: []edit{
		{reportStart + "[2].Effect", `"Deny"`},
		{"Key.Properties.KeyPolicy.Statement", `[{"Effect": "Allow", "Action": "kms:*", "Principal": ` + parameter + `}]`},
	}},
	{rule: "execution-role", name: "key policy of a parameter", edits: []edit{
		{reportStart + "[2].Effect", `"Deny"`}, {"Key.Properties.KeyPolicy", parameter},
	}},
	{rule: "execution-role", name: "key elsewhere", edits: []edit{
		{reportStart + "[2].Resource", otherKey}, {"Signing.Properties.KmsKeyId", `{"Fn::ImportValue": "key"}`},
	}},
	{rule: "execution-role", name: "key of AWS", edits: []edit{
		{reportStart + "[2].Effect", `"Deny"`}, {"Signing.Properties.KmsKeyId", ""},
	}},
	{rule: "execution-role", name: "every key of the account, by its id", edits: []edit{
		{reportStart + "[2].Resource", `{"Fn::Sub": "arn:aws:kms:${AWS::Region}:*:key/${Key}"}`},
	}},
	{rule: "execution-role", name: "named secret, by a pattern", edits: []edit{
		{reportStart + "[1].Resource", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/signing-??????"`},
	}},
	{rule: "execution-role", name: "named secret, by its name", edits: []edit{
		{report + ".Secrets[0].ValueFrom", `{"Fn::Sub":
			"arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:shop/signing:key::"}`},
	}},
	{rule: "execution-role", name: "bucket policy that admits the role", edits: []edit{
		{reportStart + "[4].Effect", `"Deny"`},
		{"FilesPolicy", `{"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Files"}, "PolicyDocument": {
			"Statement": {"Effect": "Allow", "Principal": {"AWS": {"Fn::GetAtt": "ReportExecutionRole.Arn"}}}}}}`},
	}},
	{rule: "execution-role", name: "environment file elsewhere", edits: []edit{
		{report + ".EnvironmentFiles[0].Value", `"arn:aws:s3:::shop-config/report.env"`},
		{reportStart + "[3].Effect", `"Deny"`}, {reportStart + "[4].Effect", `"Deny"`},
	}},

	{rule: "secret-privacy", name: "rotation function", edits: []edit{
		{restore, allow(`["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]`, `{"Ref": "Signing"}`)},
	}},
	{rule: "secret-privacy", name: "function that reads what it sets", edits: []edit{
		{restore, allow(`["ssm:GetParameter"]`, `"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/api/*"`)},
	}},
	{rule: "secret-privacy", name: "other parameters", edits: []edit{
		{restore, allow(`["ssm:GetParameter"]`, `"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/restore/*"`)},
	}},
	{rule: "secret-privacy", name: "description of secrets", edits: []edit{
		{restore, allow(`["secretsmanager:DescribeSecret", "ssm:DescribeParameters"]`, `"*"`)},
	}},
	{rule: "secret-privacy", name: "secrets with a tag", edits: []edit{
		{restore, allow(`"secretsmanager:GetSecretValue"`, `"*"`)},
		{restore + ".Condition", `{"StringEquals": {"aws:ResourceTag/service": "restore"}}`},
	}},
	{rule: "secret-privacy", name: "denied", edits: []edit{
		{restore, allow(`"secretsmanager:GetSecretValue"`, `"*"`)},
		{"RestoreRole.Properties.Policies[0].PolicyDocument.Statement[2]", `{"Effect": "Deny", "Action":
			"secretsmanager:*", "Resource": "arn:aws:secretsmanager:*:*:secret:*"}`},
	}},
	{rule: "secret-privacy", name: "denied but for one", edits: []edit{
		{restore, allow(`"secretsmanager:GetSecretValue"`, `"*"`)},
		{"RestoreRole.Properties.Policies[0].PolicyDocument.Statement[2]", `{"Effect": "Deny", "Action": "*",
			"NotResource": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:restore-??????"}`},
	}},
	{rule: "secret-privacy", name: "resource of a parameter", edits: []edit{
		{restore, allow(`"secretsmanager:GetSecretValue"`, parameter)},
	}},
	{rule: "secret-privacy", name: "action of a parameter", edits: []edit{{restore, allow(parameter, `"*"`)}}},
	{rule: "secret-privacy", name: "parameter that is no secret", edits: []edit{
		{"Parameter", `{"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/shop/api/db-password",
			"Value": {"Ref": "Size"}}}`},
		{"TaskPolicy.Properties.PolicyDocument.Statement[1]", allow(`"ssm:GetParameter"`, dbPassword)},
	}},
	{rule: "secret-privacy", name: "two tasks with one secret", edits: []edit{
		{"Migration.Properties.ContainerDefinitions[0].Secrets[0].ValueFrom", `"/shop/api/db-password"`},
		{start + "[3].Resource", dbPassword},
	}},
	{rule: "secret-privacy", name: "two tasks with one secret, with and without its suffix", edits: []edit{
		{app + ".Secrets[1].ValueFrom", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-AbCdEf:key::"`},
		{statement + "[4].Resource", `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-AbCdEf"`},
		{"Migration.Properties.ContainerDefinitions[0].Secrets[0].ValueFrom",
			`"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api"`},
		{start + "[3]", allow(`"secretsmanager:GetSecretValue"`,
			`"arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-??????"`)},
	}},
	{rule: "secret-privacy", name: "execution role of a task elsewhere", edits: []edit{
		{"ExecutionRoleOfMail", `{"Type": "AWS::IAM::Role", "Properties": {
			"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": ["ecs-tasks.amazonaws.com"]}}},
			"Policies": [{"PolicyDocument": {"Statement": ` + allow(`"ssm:GetParameters"`, dbPassword) + `}}]}}`},
	}},
	{rule: "secret-privacy", name: "task with a secret of a parameter", edits: []edit{
		{"Migration.Properties.ContainerDefinitions[0].Secrets[1].ValueFrom", parameter},
		{start + "[3].Resource", `["arn:aws:ssm:eu-west-1:111122223333:parameter/shop/migration/*", ` + dbPassword + `]`},
	}},

	{rule: "plain-secret", name: "switch", edits: environment("USE_PASSWORD", `"true"`)},
	{rule: "plain-secret", name: "number", edits: environment("NO_SECRET", `0`)},
	{rule: "plain-secret", name: "file", edits: environment("TLS_PRIVATE_KEY", `"/run/tls/key.pem"`)},
	{rule: "plain-secret", name: "name of a parameter", edits: environment("DB_PASSWORD", `"shop/api/db-password"`)},
	{rule: "plain-secret", name: "header", edits: environment("CSRF_TOKEN", `"X-Csrf-Token"`)},
	{rule: "plain-secret", name: "ARN", edits: environment("DB_SECRET", `{"Ref": "Secret"}`)},
	{rule: "plain-secret", name: "parameter", edits: environment("DB_PASSWORD", parameter)},
	{rule: "plain-secret", name: "dynamic reference", edits: environment("DB",
		`"postgres://app:{{resolve:secretsmanager:db:SecretString:password}}@db/shop"`)},
	{rule: "plain-secret", name: "URL with a password of a parameter", edits: environment("DB",
		`{"Fn::Sub": "postgres://app:${Size}@db/shop"}`)},
	{rule: "plain-secret", name: "URL with ports", edits: environment("HOSTS", `"http://a.internal:80/@b:81"`)},
	{rule: "plain-secret", name: "connection string with a variable", edits: environment("DB", `"Password=$DB_PASSWORD"`)},
	{rule: "plain-secret", name: "variables of a parameter", edits: []edit{{app + ".Environment", parameter}}},
	{rule: "plain-secret", name: "command", edits: []edit{
		{report + ".Command", `["psql", "--no-password", "shop", "--password=$DB_PASSWORD", "--token=", "a=b"]`},
	}},
	{rule: "plain-secret", name: "options of a parameter", edits: []edit{
		{report + ".LogConfiguration.Options", parameter}, {"Restore.Properties.Environment.Variables", parameter},
	}},
	{rule: "plain-secret", name: "parameter that holds no credential", edits: []edit{
		{"Parameter", `{"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/shop/api/token-url",
			"Value": "https://id.example.com/token"}}`},
	}},
	{rule: "plain-secret", name: "rest of a secret", edits: []edit{
		{"Secret.Properties", `{"SecretString": {"Fn::Sub":
			"{\"username\": \"app\", \"port\": 5432, \"password\": \"${Size}\"}"}}`},
		{"Signing.Properties.SecretString", `"{\"password\": \"\"}"`},
	}},

	{rule: "wildcard-resource", name: "actions that know no resources", edits: []edit{
		{taskRights, allow(`["ecr:GetAuthorizationToken", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
			"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "xray:PutTraceSegments",
			"xray:PutTelemetryRecords", "xray:GetSampling*", "logs:DescribeLogGroups", "s3:ListAllMyBuckets",
			"ecs:DiscoverPollEndpoint", "textract:AnalyzeDocument", "sns:Publish", "ec2:Describe*"]`, `"*"`)},
	}},
	{rule: "wildcard-resource", name: "metrics of a namespace", edits: []edit{
		{taskRights, allow(`"cloudwatch:PutMetricData"`, `"*"`)},
		{taskRights + ".Condition", `{"StringEquals": {"cloudwatch:namespace": "Shop"}}`},
	}},
	{rule: "wildcard-resource", name: "protection of the tasks of a cluster", edits: []edit{
		{taskRights, allow(`["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]`, `"*"`)},
		{taskRights + ".Condition", `{"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": "Cluster.Arn"}}}`},
	}},
	{rule: "wildcard-resource", name: "queues with a tag", edits: []edit{
		{taskRights + ".Resource", `"*"`},
		{taskRights + ".Condition", `{"StringEquals": {"aws:ResourceTag/service": "api"}}`},
	}},
	{rule: "wildcard-resource", name: "condition of a parameter", edits: []edit{
		{taskRights + ".Resource", `"*"`}, {taskRights + ".Condition", parameter},
	}},
	{rule: "wildcard-resource", name: "keys of a condition of a parameter", edits: []edit{
		{taskRights + ".Resource", `"*"`}, {taskRights + ".Condition.StringEquals", parameter},
	}},
	{rule: "wildcard-resource", name: "objects of a bucket", edits: []edit{
		{taskRights, allow(`"s3:GetObject"`, `"arn:aws:s3:::shop/*"`)},
	}},
	{rule: "wildcard-resource", name: "resource of a parameter", edits: []edit{{taskRights + ".Resource", parameter}}},
	{rule: "wildcard-resource", name: "action of a parameter", edits: []edit{{taskRights, allow(parameter, `"*"`)}}},
	{rule: "wildcard-resource", name: "denied", edits: []edit{
		{taskRights, `{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}`},
	}},
	{rule: "wildcard-resource", name: "role of nothing", edits: []edit{
		{restore, allow(`"sqs:SendMessage"`, `"*"`)},
	}},
}
