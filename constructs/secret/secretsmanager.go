package secret

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
)

// SecretsManager is the value of a secret in AWS Secrets Manager, or a part of it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
type SecretsManager struct {
	// ARN of the secret, complete with the hyphen and six characters at its end, or a token that holds it, such as a
	// secret of the app has. Required, unless Name is set.
	ARN string
	// Name of a secret of the stack's account and region, instead of its ARN, to read it whole.
	Name string
	// JSONKey is the key of a value in a secret that is a JSON object. Zero: the whole secret.
	JSONKey string
	// Stage is the label of the version to read. Zero: AWSCURRENT.
	Stage string
	// VersionID is the id of the version to read. Not with Stage. Zero: the one with the label.
	VersionID string
	// Key is the customer-managed key that the secret is encrypted under. Zero: the one that AWS manages.
	Key awskms.IKey
	// KeyOfOtherAccount says that the policy of a Key in another account lets the execution role decrypt. Zero: that such a
	// key is a problem.
	KeyOfOtherAccount bool
	// Exclusive gives the secret a resource policy by which nobody but the task that reads it can, whatever IAM says: no
	// second task, and no function that rotates it. A secret has one resource policy. Zero: IAM decides.
	Exclusive bool
}

var _ Source = SecretsManager{}

const suffixPage = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen"

const secretPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html"

var (
	secretARN  = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$`)
	partialARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}$`)
	secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)
	stageName  = regexp.MustCompile(`^[^:\s]{1,256}$`)
	likeSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)
	versionID  = regexp.MustCompile(`^[A-Za-z0-9-]{32,64}$`)
)

// AnySuffix stands, in the ARN of a reference, for the six characters at the end of a secret's ARN that its name does not
// tell.
const AnySuffix = "-??????"

// Problems names a secret that is said twice or not at all, names and ARNs that AWS refuses, parts of a secret without its
// complete ARN, and a stage beside a version.
func (s SecretsManager) Problems() check.Problems {
	var ps check.Problems
	switch {
	case s.Name == "" && s.ARN == "":
		ps.Add("ARN", nil, "must be set, or Name")
	case s.Name != "" && s.ARN != "":
		ps.Add("Name", s.Name, "must not be set with ARN")
	case s.Name != "":
		ps = append(ps, s.nameProblems()...)
	case !check.IsToken(s.ARN):
		ps = append(ps, s.arnProblems()...)
	}
	if strings.Contains(s.JSONKey, ":") {
		ps.Add("JSONKey", s.JSONKey, "must not contain a colon, which ends it").See(secretPage)
	}
	if s.Stage != "" && !check.IsToken(s.Stage) && !stageName.MatchString(s.Stage) {
		ps.Add("Stage", s.Stage, "must be 1-256 characters, without colons and white space").See(secretPage)
	}
	if s.VersionID != "" && !check.IsToken(s.VersionID) && !versionID.MatchString(s.VersionID) {
		ps.Add("VersionID", s.VersionID, "must be 32-64 letters, digits and hyphens").See(secretPage)
	}
	if s.Stage != "" && s.VersionID != "" {
		ps.Add("VersionID", s.VersionID, "must not be set with Stage, for ECS takes one of the two").See(secretPage)
	}
	if s.KeyOfOtherAccount && check.IsNil(s.Key) {
		ps.Add("KeyOfOtherAccount", s.KeyOfOtherAccount, "must not be set without Key")
	}
	return ps
}

func (s SecretsManager) nameProblems() check.Problems {
	var ps check.Problems
	if !check.IsToken(s.Name) && !secretName.MatchString(s.Name) {
		ps.Add("Name", s.Name, "must be 1-512 letters, digits and /_+=.@-").See(secretPage)
	} else if likeSuffix.MatchString(s.Name) {
		ps.Add("ARN", nil, "must be set instead of Name (%s), whose end Secrets Manager takes for that of a complete ARN", s.Name).See(suffixPage)
	}
	if s.JSONKey != "" || s.Stage != "" || s.VersionID != "" {
		ps.Add("ARN", nil, "must be set instead of Name to read a JSONKey, a Stage or a VersionID: ECS finds these by the complete "+
			"ARN, with the six characters at its end, which aws secretsmanager describe-secret tells").See(secretPage)
	}
	return ps
}

func (s SecretsManager) arnProblems() check.Problems {
	var ps check.Problems
	parts := strings.Split(s.ARN, ":")
	switch {
	case len(parts) > 2 && parts[2] == string(ServiceSSM):
		ps.Add("ARN", s.ARN, "must be of a secret: for one of Parameter Store use secret.ParameterStore")
	case len(parts) > 7:
		ps.Add("ARN", s.ARN, "must be that of the secret: set what follows it as JSONKey, Stage and VersionID").See(secretPage)
	case secretARN.MatchString(s.ARN):
	case partialARN.MatchString(s.ARN):
		ps.Add("ARN", s.ARN, "must be complete, with the hyphen and six characters at its end, which aws secretsmanager "+
			"describe-secret tells; to read the secret whole, set Name instead").See(secretPage)
	default:
		ps.Add("ARN", s.ARN, "must be arn:<partition>:secretsmanager:<region>:<account>:secret:<name>-<six characters>").See(secretPage)
	}
	return ps
}

// ID returns what Secrets Manager's own API knows the secret by: its ARN, or its name.
func (s SecretsManager) ID() string { return s.ARN + s.Name }

// ProblemsIn names a key of another account or another region.
func (s SecretsManager) ProblemsIn(scope constructs.Construct) check.Problems {
	if len(s.Problems()) > 0 {
		return nil // which come first
	}
	return KeyProblems(scope, "Key", s.Key, s.region(), s.KeyOfOtherAccount)
}

// region returns the region that the secret is said to be in; empty for the stack's.
func (s SecretsManager) region() string {
	if s.ARN == "" || check.IsToken(s.ARN) {
		return ""
	}
	return part(s.ARN, 3)
}

// Reference returns the ARN, followed by key, stage and version if any is set. The default key is for parameters.
func (s SecretsManager) Reference(scope constructs.Construct, _ awskms.IKey) Reference {
	here := check.EnvOf(scope)
	r := Reference{
		ARN: s.ARN, ValueFrom: s.ARN, Service: ServiceSecretsManager, Region: here.Region, Key: keyARN(s.Key, nil, true), Stage: s.Stage,
	}
	if region := s.region(); region != "" {
		r.Region = region
	}
	if s.Name != "" {
		r.ValueFrom = ServiceSecretsManager.arn(here, "", "secret:"+s.Name)
		r.ARN = r.ValueFrom + AnySuffix
	}
	if r.Stage == "" && s.VersionID == "" {
		r.Stage = "AWSCURRENT"
	}
	if s.JSONKey != "" || s.Stage != "" || s.VersionID != "" {
		r.ValueFrom = strings.Join([]string{r.ARN, s.JSONKey, s.Stage, s.VersionID}, ":")
	}
	return r
}

func (SecretsManager) source() {}
