package rules

// instanceMetadata wants containers to be kept from the credentials of their instance, which the metadata service hands
// to whoever asks. They let a container read every image, and act as any task on the instance.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
func instanceMetadata(m *model) []Finding {
	var found []Finding
	running := m.running()
	for _, template := range m.launchTemplates() {
		options := template.at("LaunchTemplateData", "MetadataOptions")
		if tokens := options.at("HttpTokens"); tokens.known() && tokens.text() != "required" {
			found = append(found, tokens.finding(
				"an application that can be made to send a request can be made to read the instance's credentials, as the "+
					"metadata service answers without a token (found %s): set required",
				shown(tokens),
			))
		}
		if s, ok := running[template]["bridge"]; ok {
			found = append(found, reachable(options.at("HttpPutResponseHopLimit"), s)...)
		}
		if s, ok := running[template]["awsvpc"]; ok {
			found = append(found, notBlocked(template, s)...)
		}
	}
	return found
}

// running returns, for each launch template and network mode, a service that runs on its instances.
func (m *model) running() map[*resource]map[string]service {
	running := map[*resource]map[string]service{}
	for _, s := range m.services() {
		for _, template := range m.templates(s.resource) {
			if running[template] == nil {
				running[template] = map[string]service{}
			}
			if _, taken := running[template][s.networkMode()]; !taken {
				running[template][s.networkMode()] = s
			}
		}
	}
	return running
}

func reachable(limit *node, s service) []Finding {
	if !limit.known() || limit.text() == "1" {
		return nil
	}
	// Without a limit it is that of the AMI, which is 2 for Amazon Linux 2023.
	return []Finding{limit.finding(
		"the tasks of %s, in network mode bridge, are one hop from their instance, so its metadata service gives them the "+
			"instance's credentials (found %s): set 1",
		s, shown(limit),
	)}
}

func notBlocked(template *resource, s service) []Finding {
	if set, known := configures(template, blockMetadata); set || !known {
		return nil
	}
	return []Finding{template.at("LaunchTemplateData", "UserData").finding(
		"the tasks of %s, in network mode awsvpc, reach the metadata service by their own network interface, whatever the "+
			"hop limit, and get the instance's credentials: set ECS_AWSVPC_BLOCK_IMDS=true in /etc/ecs/ecs.config, or "+
			"awsvpc-block-imds = true in the settings.ecs of Bottlerocket",
		s,
	)}
}

// encryptedVolumes wants the volumes of instances to be encrypted: they hold images, the files that containers write, and
// the volumes of tasks.
func encryptedVolumes(m *model) []Finding {
	var found []Finding
	for _, template := range m.launchTemplates() {
		mappings := template.at("LaunchTemplateData", "BlockDeviceMappings")
		if len(mappings.items()) == 0 {
			found = append(found, mappings.finding(
				"the instances have the volumes of their AMI, which are not encrypted unless the account sees to it: map "+
					"the root device to an Ebs with Encrypted",
			))
		}
		for _, mapping := range mappings.items() {
			found = append(found, unencrypted(mapping.at("Ebs"))...)
		}
	}
	return found
}

func unencrypted(volume *node) []Finding {
	encrypted := volume.at("Encrypted")
	// A volume that is made from a snapshot is as encrypted as that.
	if !volume.written() || !volume.at("SnapshotId").absent() || !encrypted.known() || encrypted.text() == "true" {
		return nil
	}
	return []Finding{encrypted.finding(
		"the volume is not encrypted unless the account sees to it (found %s), and what containers write stays readable in "+
			"its snapshots: set true",
		shown(encrypted),
	)}
}
