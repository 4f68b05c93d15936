package task

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

const imagePage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/" +
	"API_ContainerDefinition.html#ECS-Type-ContainerDefinition-image"

// ecrImage matches a private ECR image and captures its account, region and repository.
var ecrImage = regexp.MustCompile(
	`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com|com\.cn|eu)|on\.aws)/([a-z0-9][a-z0-9._/-]*)(?::[^/@]+)?(?:@.+)?$`)

// reference matches what docker pull takes. https://docs.docker.com/reference/cli/docker/image/tag/
var reference = regexp.MustCompile(`^((localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-fA-F:]+\])(:\d+)?/|[\w-]+:\d+/)?` + component + `(/` + component + `)*` +
	`(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128}))?$`)

const component = `[a-z0-9]+([._-]+[a-z0-9]+)*`

// imageProblems names an image that docker pull would refuse, and one whose repository cannot be told.
func imageProblems(image string, repository awsecr.IRepository) check.Problems {
	var ps check.Problems
	host, _, _ := strings.Cut(image, "/")
	switch {
	case image == "":
		ps.Add("Image", nil, "must be set")
	case strings.ContainsAny(image, " \t\r\n"):
		ps.Add("Image", image, "must not contain white space").See(imagePage)
	case strings.Contains(image, "://"):
		ps.Add("Image", image, "must not start with a protocol").See(imagePage)
	case !check.IsToken(image) && !reference.MatchString(image):
		ps.Add("Image", image, "must be [host/]repository[:tag][@digest], the repository in lower case").See(imagePage)
	case check.IsNil(repository) && (check.IsToken(host) || isECR(host) && !ecrImage.MatchString(image)):
		ps.Add("Repository", nil, "must be set with an Image that does not tell the repository, which the execution role is "+
			"to pull from; for an image of another registry write the registry's host into Image")
	}
	return ps
}

// isECR reports whether host is a private ECR registry.
func isECR(host string) bool {
	return strings.Contains(host, ".dkr.ecr") || strings.Contains(host, ".dkr-ecr")
}

// moves reports whether the image's tag is one that is moved to later images: what runs then changes without a deployment
// that says so.
func moves(image string) bool {
	if check.IsToken(image) || strings.Contains(image, "@") {
		return false
	}
	tag := image[strings.LastIndex(image, "/")+1:]
	_, tag, found := strings.Cut(tag, ":")
	return !found || tag == "latest"
}

// warnOfMovingTags advises an exact tag or digest.
func warnOfMovingTags(t *Task, containers []Container) {
	for _, c := range containers {
		if moves(c.Image) {
			awscdk.Annotations_Of(t).AddWarningV2(jsii.String("@ecskit/task:movingTag"), jsii.String(fmt.Sprintf(
				"container %q: image %q has no tag or the tag latest, so a rollback may not bring back what ran before; "+
					"give an exact tag or a digest", c.Name, c.Image)))
		}
	}
}

// repositoryARN returns the ARN of the ECR repository that the container's image is pulled from; nil for an image of
// another registry.
func (c Container) repositoryARN(partition string) *string {
	if !check.IsNil(c.Repository) {
		return c.Repository.RepositoryArn()
	}
	if m := ecrImage.FindStringSubmatch(c.Image); m != nil {
		return jsii.String(fmt.Sprintf("arn:%s:ecr:%s:%s:repository/%s", partition, m[2], m[1], m[3]))
	}
	return nil
}
