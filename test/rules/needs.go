package rules

import (
	"regexp"
	"strings"
)

// Actions that the agents perform with an execution role.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
var (
	logActions  = []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	pullActions = []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
)

const (
	tokenAction     = "ecr:GetAuthorizationToken"
	parameterAction = "ssm:GetParameters"
	secretAction    = "secretsmanager:GetSecretValue"
	decryptAction   = "kms:Decrypt"
	objectAction    = "s3:GetObject"
	bucketAction    = "s3:GetBucketLocation"
)

// need is something that the agents do with an execution role to start a container.
type need struct {
	at       *node    // the property that causes it
	actions  []string // on resource
	resource string   // ARN or "*"
	optional bool     // the role may grant it, but something else can as well, or it is not needed after all
	instance bool     // on EC2, without an execution role, the container instance's role does it
}

// collector gathers what the containers of a task definition need.
type collector struct {
	m     *model
	owner *resource // execution role, nil if it is not in the templates
	list  []need
}

// findNeeds returns what the containers of a task definition need. What depends on a value that the templates do not
// determine is an optional need of anything.
func (m *model) findNeeds(task *resource) []need {
	c := collector{m: m, owner: m.target(task.at("ExecutionRoleArn"), role)}
	for _, container := range task.at("ContainerDefinitions").items() {
		c.image(container.at("Image"))
		c.logs(container.at("LogConfiguration"))
		for _, secret := range container.at("Secrets").items() {
			c.secret(secret.at("ValueFrom"))
		}
		for _, option := range container.at("LogConfiguration", "SecretOptions").items() {
			c.secret(option.at("ValueFrom"))
		}
		c.credentials(container.at("RepositoryCredentials", "CredentialsParameter"))
		for _, file := range container.at("EnvironmentFiles").items() {
			c.file(file.at("Value"))
		}
		c.file(container.at("FirelensConfiguration", "Options", "config-file-value"))
	}
	return c.list
}

func (c *collector) add(at *node, resource string, actions ...string) {
	c.list = append(c.list, need{at: at, actions: actions, resource: resource})
}

func (c *collector) allow(at *node, resource string, actions ...string) {
	c.list = append(c.list, need{at: at, actions: actions, resource: resource, optional: true})
}

func (c *collector) anything() string {
	return c.m.unknown(nil, "anything")
}

// privateImage matches an image in a private repository of Amazon ECR: account, region and repository.
var privateImage = regexp.MustCompile(`^([^./]+)\.dkr[.-]ecr(?:-fips)?\.([^./]+)\.[^/]+/([^@]+)`)

func (c *collector) image(image *node) {
	text := image.text()
	match := privateImage.FindStringSubmatch(text)
	if match == nil {
		if !c.m.known(text) || strings.HasPrefix(text, "{{resolve:") {
			c.allow(image, c.anything(), pullActions...)
			c.allow(image, "*", tokenAction)
		}
		return
	}
	repository := match[3]
	if tag := strings.LastIndex(repository, ":"); tag >= 0 {
		repository = repository[:tag]
	}
	arn := c.m.arnIn("ecr", match[2], match[1], "repository/"+repository)
	c.list = append(c.list, need{at: image, actions: pullActions, resource: arn, instance: true},
		need{at: image, actions: []string{tokenAction}, resource: "*", instance: true})
}

func (c *collector) logs(configuration *node) {
	driver, group := configuration.at("LogDriver"), configuration.at("Options", "awslogs-group")
	switch {
	case !driver.known():
		c.allow(driver, c.anything(), logActions...)
	case driver.text() == "awslogs" && !group.absent():
		arn := c.m.arnOf("logs", "log-group:"+group.text())
		c.list = append(c.list, need{at: group, actions: logActions, resource: arn, instance: true})
	}
}

// secret adds what it takes to read a ValueFrom: a parameter's name or ARN, or a secret's ARN, which may go on with
// ":json-key:version-stage:version-id".
func (c *collector) secret(from *node) {
	if from.absent() {
		return
	}
	c.allow(from, c.anything(), decryptAction)
	text := from.text()
	fields, isARN := arnFields(text)
	switch {
	case isARN && fields[2] == "ssm":
		c.add(from, text, parameterAction)
	case isARN && fields[2] == "secretsmanager":
		c.wholeSecret(from, secretARN(text))
	case isARN || !c.m.known(text):
		c.allow(from, c.anything(), parameterAction, secretAction)
	default:
		c.add(from, c.m.arnOf("ssm", "parameter/"+strings.TrimPrefix(text, "/")), parameterAction)
	}
}

// secretARN cuts the ARN of a secret, arn:partition:secretsmanager:region:account:secret:name, off a longer text.
func secretARN(text string) string {
	fields := strings.Split(text, ":")
	return strings.Join(fields[:min(len(fields), 7)], ":")
}

// credentials adds what it takes to read the credentials of a private registry: the ARN or the name of a secret.
func (c *collector) credentials(secret *node) {
	if secret.absent() {
		return
	}
	c.allow(secret, c.anything(), decryptAction)
	text := secret.text()
	if !c.m.known(text) {
		c.allow(secret, c.anything(), secretAction)
		return
	}
	if _, isARN := arnFields(text); !isARN {
		text = c.m.arnOf("secretsmanager", "secret:"+text)
	}
	c.wholeSecret(secret, secretARN(text))
}

// wholeSecret adds what it takes to read a secret, with the key that it is encrypted under if the templates hold both.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
func (c *collector) wholeSecret(at *node, arn string) {
	c.add(at, arn, secretAction)
	if key := c.m.keyOf(c.m.find(at.resource.stack, storedSecret, arn)); key != nil {
		if !c.m.admits(key.at("KeyPolicy"), c.owner) {
			c.add(at, c.m.attribute(key, "Arn"), decryptAction)
		}
	}
}

// keyOf returns the key in the templates that a secret, which may be nil, is encrypted under.
func (m *model) keyOf(secret *resource) *resource {
	if secret == nil {
		return nil
	}
	id := secret.at("KmsKeyId")
	if alias := m.target(id, kmsAlias); alias != nil {
		id = alias.at("TargetKeyId")
	}
	return m.target(id, kmsKey)
}

// file adds what it takes to read an object in S3, which a policy of its bucket can grant as well.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
func (c *collector) file(object *node) {
	if object.absent() {
		return
	}
	arn, _, _ := strings.Cut(object.text(), "/")
	grant := c.add
	if owner := c.m.find(object.resource.stack, bucket, arn); owner == nil || c.m.admittedTo(owner, c.owner) {
		grant = c.allow
	}
	grant(object, object.text(), objectAction)
	grant(object, arn, bucketAction)
	c.allow(object, c.anything(), decryptAction)
}
