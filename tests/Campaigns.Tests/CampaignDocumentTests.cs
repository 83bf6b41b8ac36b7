using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests;

public class CampaignDocumentTests
{
    private const string Whole = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: return-to-east, labels: {ticket: DR-1042}}
        spec:
          targets:
            - hosts: {site: west, labels: {rack: r12}}
              vms: {names: ["sql-*"], ids: [], labels: {}}
            - host: hv-west-07
              vms: {ids: [A3F00000-0000-4000-8000-000000000001]}
          strategy: initiate-failback
          recoveryPoint: latest-application-consistent
          replicationSettings: {authenticationType: kerberos, recoveryServerPort: 80, compressionEnabled: true, replicationInterval: 30s}
          waves:
            - name: canary
              take: 2
              gate: {approval: {by: [dr-lead]}, soak: 10m}
            - name: databases
              match: {vms: {names: ["sql-*"]}}
              ramp: {start: 1, factor: 2}
            - name: rest
          dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]
          limits: {campaign: 200, host: 4, site: 50%, link: 20, tenant: 100}
          tolerance: {failures: 5%, perHost: 3, window: {failures: 10, in: 15m}, onBreach: stop}
          retry: {attempts: 4, initial: 10s, factor: 1.5, max: 5m, jitter: 0.1, failedJobs: true}
          timeouts: {item: 12h, noProgress: 20m, unreachable: 5m}
          window: {opens: "Sat 22:00", closes: "Sunday 06:00", timeZone: Europe/Madrid, onClose: pause}
          readiness: {required: true, maxAge: 1h, ignore: [REPLICATION_LAG]}
        """;

    private static IReadOnlyList<DocumentError> Errors(string spec, string? metadata = null)
    {
        var lines = spec.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "  " + line);
        return CampaignDocument.Parse(
            $"apiVersion: failback/v1\nkind: Campaign\nmetadata: {metadata ?? "{name: test}"}\nspec:\n{string.Join('\n', lines)}\n", "test.yaml").Errors;
    }

    [Fact]
    public void Parse_reads_every_field()
    {
        var spec = CampaignDocument.Parse(Whole, "whole.yaml").Require();

        spec.Name.ShouldBe("return-to-east");
        spec.Labels["ticket"].ShouldBe("DR-1042");
        spec.Targets.Count.ShouldBe(2);
        spec.Targets[0].Hosts.ShouldSatisfyAllConditions(hosts => hosts.Site.ShouldBe("west"), hosts => hosts.Labels["rack"].ShouldBe("r12"));
        spec.Targets[0].VirtualMachines!.Names.ShouldBe([new Glob("sql-*")]);
        spec.Targets[1].Hosts.Name.ShouldBe("hv-west-07");
        spec.Targets[1].VirtualMachines!.Ids.ShouldBe([new Guid("a3f00000-0000-4000-8000-000000000001")]);
        spec.RecoveryPoint.Kind.ShouldBe(RecoveryPointKind.LatestApplicationConsistent);
        spec.ReplicationSettings.ShouldBe(new ReplicationSettingsOverrides
        {
            AuthenticationType = 1,
            RecoveryServerPort = 80,
            CompressionEnabled = true,
            ReplicationInterval = TimeSpan.FromSeconds(30),
        });
        spec.Waves.Select(wave => wave.Name).ShouldBe(["canary", "databases", "rest"]);
        spec.Waves[0].Take.ShouldBe(Amount.Count(2));
        spec.Waves[0].Gate!.Approvers.ShouldBe(["dr-lead"]);
        spec.Waves[0].Gate!.Soak.ShouldBe(TimeSpan.FromMinutes(10));
        spec.Waves[1].Ramp.ShouldBe(new RampSpec(1, 2));
        spec.Dependencies.ShouldHaveSingleItem().ShouldBe(new DependencySpec(new DependencyEnd(new Glob("app-*"), null), new DependencyEnd(new Glob("sql-*"), null)));
        spec.Limits.ShouldBe(new LimitsSpec
        {
            Campaign = Amount.Count(200),
            Host = Amount.Count(4),
            Site = Amount.Percent(50),
            Link = Amount.Count(20),
            Tenant = Amount.Count(100),
        });
        spec.Tolerance.ShouldBe(new ToleranceSpec
        {
            Failures = Amount.Percent(5),
            PerHost = Amount.Count(3),
            Window = new FailureWindowSpec(Amount.Count(10), TimeSpan.FromMinutes(15)),
            OnBreach = BreachAction.Stop,
        });
        spec.Retry.ShouldBe(new RetrySpec
        {
            Attempts = 4,
            Initial = TimeSpan.FromSeconds(10),
            Factor = 1.5,
            Max = TimeSpan.FromMinutes(5),
            Jitter = 0.1,
            FailedJobs = true,
        });
        spec.Timeouts.ShouldBe(new TimeoutsSpec { Item = TimeSpan.FromHours(12), NoProgress = TimeSpan.FromMinutes(20), Unreachable = TimeSpan.FromMinutes(5) });
        spec.Window.ShouldBe(new WindowSpec(
            new WindowTime(DayOfWeek.Saturday, new TimeOnly(22, 0)), new WindowTime(DayOfWeek.Sunday, new TimeOnly(6, 0)), "Europe/Madrid", WindowCloseAction.Pause));
        spec.Readiness.ShouldSatisfyAllConditions(
            readiness => readiness.Required.ShouldBeTrue(),
            readiness => readiness.MaxAge.ShouldBe(TimeSpan.FromHours(1)),
            readiness => readiness.Ignore.ShouldBe(["REPLICATION_LAG"]));
    }

    [Fact]
    public void Parse_of_a_selection_by_labels_of_machines_is_refused_by_name_with_the_reason()
    {
        var error = Errors("targets: [{vms: {labels: {tier: gold}}}]").ShouldHaveSingleItem();

        error.Path.ShouldBe("spec.targets[0].vms.labels");
        error.Message.ShouldBe(
            "spec.targets[0].vms.labels is not supported: Hyper-V has no virtual machine labels. Select them by names or ids, or their hosts by hosts.labels.");
    }

    [Fact]
    public void Parse_of_the_least_document_fills_in_the_defaults()
    {
        var spec = CampaignDocument.Parse("{apiVersion: failback/v1, kind: Campaign, metadata: {name: a}, spec: {targets: [{}]}}", "least.json").Require();

        spec.Waves.ShouldBe([new WaveSpec("all", null, null, null, null)]);
        spec.Limits.ShouldBe(new LimitsSpec());
        spec.Tolerance.ShouldBe(new ToleranceSpec());
        spec.Retry.ShouldBe(new RetrySpec());
        spec.Window.ShouldBeNull();
        spec.RecoveryPoint.ShouldBe(RecoveryPointChoice.Latest);
    }

    [Fact]
    public void Parse_reads_a_recovery_point_in_time()
        => CampaignDocument.Parse(Whole.Replace("latest-application-consistent", "{at: 2026-11-21T22:00:00Z}", StringComparison.Ordinal), "t").Require()
            .RecoveryPoint.ShouldBe(new RecoveryPointChoice(RecoveryPointKind.NotAfter, new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Parse_of_five_errors_reports_all_five_with_paths_and_lines()
    {
        const string Text = """
            apiVersion: failback/v2
            kind: Campaign
            metadata: {name: Return To East}
            spec:
              targets: []
              limits: {host: 0}
              waves:
                - name: a
                  ramp: {factor: 20}
            """;

        var errors = CampaignDocument.Parse(Text, "five.yaml").Errors;

        errors.Select(error => (error.Path, error.Line)).ShouldBe(
            [("apiVersion", 1), ("metadata.name", 3), ("spec.targets", 5), ("spec.limits.host", 6), ("spec.waves[0].ramp.factor", 9)]);
        errors[4].ShouldBe(new DocumentError(
            "spec.waves[0].ramp.factor", 9, 22, "20", "a number above 1 and at most 10", "spec.waves[0].ramp.factor is '20'; it must be a number above 1 and at most 10."));
    }

    [Theory]
    [InlineData("limits: {host: 3}", "spec.targets is missing; it must be a list of at least one selector.")]
    [InlineData("targets: {}", "spec.targets is '{}'; it must be a list.")]
    [InlineData("targets: [{host: a, hosts: {site: b}}]", "spec.targets[0].hosts is set together with host; give either the one host or a selection of hosts.")]
    [InlineData("targets: [{vms: {ids: [xyz]}}]", "spec.targets[0].vms.ids[0] is 'xyz'; it must be a UUID such as 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10.")]
    [InlineData("targets: [{vms: [sql-1]}]", "spec.targets[0].vms is '[…]'; it must be a mapping of keys to values.")]
    [InlineData("targets: [{vm: {names: [a]}}]", "spec.targets[0].vm is not a known key. Did you mean vms? Allowed here: host, hosts, vms.")]
    [InlineData("targets: [{}]\nstrategy: reverse-replication", "spec.strategy is 'reverse-replication'; it must be one of initiate-failback, host-to-host, auto, test-failover, planned-drill.")]
    [InlineData("targets: [{}]\nstrategy: {attach: ask}", "spec.strategy.name is missing; it must be one of host-to-host, auto, test-failover, planned-drill.")]
    [InlineData("targets: [{}]\nstrategy: {name: test-failover, attach: ask}", "spec.strategy.attach is not a known key. Allowed here: name, proof, soak, switch, verify.")]
    [InlineData("targets: [{}]\nstrategy: {name: test-failover, soak: 25h}", "spec.strategy.soak is '25h'; it must be a duration from 0s to 24h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nstrategy: {name: test-failover, switch: {}}", "spec.strategy.switch.external is missing; it must be the name of an external switch.")]
    [InlineData("targets: [{}]\nstrategy: {name: test-failover, proof: {validFor: 1m}}", "spec.strategy.proof.validFor is '1m'; it must be a duration from 1h to 87600h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nrecoveryPoint: latest-application-consistent", "spec.recoveryPoint cannot be used with the strategy test-failover: what the replica has received last is tested.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nreadiness: {required: true}", "spec.readiness.required cannot be used with the strategy test-failover: the replica is checked before each test, whatever is required here.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nlimits: {switch: 1}", "spec.limits.switch is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nstrategy: {name: planned-drill, attach: automatic}", "spec.strategy.attach is not a known key. Allowed here: accept, copyTimeout, hooks, name, networks, outage, proof, rehearse, shutdownTimeout, soak, stepTimeout, verify.")]
    [InlineData("targets: [{}]\nstrategy: {name: planned-drill, soak: 721h}", "spec.strategy.soak is '721h'; it must be a duration from 0s to 720h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nstrategy: planned-drill\nreadiness: {required: true}", "spec.readiness.required cannot be used with the strategy planned-drill: both hosts are checked before each outage, whatever is required here.")]
    [InlineData("targets: [{}]\nschedule: {cron: 0 22 1 * *, timeZone: UTC}", "spec.schedule is for the strategies test-failover and planned-drill; nothing else is begun without a person.")]
    [InlineData("targets: [{}]\nnotifications: {require: [ops], within: 31d}", "spec.notifications.within is '31d'; it must be a duration from 1m to 720h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nnotifications: {require: [Ops]}", "spec.notifications.require[0] is 'Ops'; it must be a channel of the coordinator: 1 to 63 of a-z, 0-9 and '-', starting with a letter.")]
    [InlineData("targets: [{}]\nnotifications: {within: 1h}", "spec.notifications.require is missing; it must be a list of at least one channel of the coordinator.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nschedule: {cron: every day, timeZone: UTC}", "spec.schedule.cron is 'every day'; it must be five fields of a crontab, such as 0 22 1 * * for the first of each month at 22:00.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nschedule: {cron: 0 22 30 2 *, timeZone: UTC}", "spec.schedule.cron is '0 22 30 2 *'; it must be five fields of a crontab, such as 0 22 1 * * for the first of each month at 22:00.")]
    [InlineData("targets: [{}]\nstrategy: test-failover\nschedule: {cron: 0 22 1 * *, timeZone: UTC, grace: 8d}", "spec.schedule.grace is '8d'; it must be a duration from 1m to 168h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, rehearse: {}}", "spec.strategy.rehearse.switch is missing; it must be the name of a private or internal switch.")]
    [InlineData("targets: [{}]\nrecoveryPoint: newest", "spec.recoveryPoint is 'newest'; it must be latest, latest-application-consistent or {at: TIME}.")]
    [InlineData("targets: [{}]\nrecoveryPoint: {at: yesterday}", "spec.recoveryPoint.at is 'yesterday'; it must be a point in time with its offset, such as 2026-11-21T22:00:00Z.")]
    [InlineData("targets: [{}]\nwaves: []", "spec.waves is '[]'; it must be a list of at least 1.")]
    [InlineData("targets: [{}]\nwaves: [{take: 1}, {name: b}]", "spec.waves[0].name is missing; it must be a name.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, take: 1}, {name: a}]", "spec.waves[1].name is 'a'; it must be a name that no other wave has.")]
    [InlineData("targets: [{}]\nwaves: [{name: a}, {name: b}]", "spec.waves[1] can have no items: wave 'a' before it takes all that remain.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, take: 0}]", "spec.waves[0].take is '0'; it must be a whole number from 1 to 1000000, or a percentage from 1% to 100%.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, ramp: {factor: 1}}]", "spec.waves[0].ramp.factor is '1'; it must be a number above 1 and at most 10.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, gate: {soak: 10m}}]", "spec.waves[0].gate is on the last wave; a gate holds back the next wave, and there is none.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, take: 1, gate: {}}, {name: b}]", "spec.waves[0].gate is empty; it must have approval, soak or both.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, take: 1, gate: {approval: {by: []}}}, {name: b}]", "spec.waves[0].gate.approval.by is '[]'; it must be a list of at least 1.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, take: 1, gate: {soak: 0s}}, {name: b}]", "spec.waves[0].gate.soak is '0s'; it must be a duration from 1s to 720h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\ndependencies: [{item: {vm: a}}]", "spec.dependencies[0].after is missing; it must be the items they wait for.")]
    [InlineData("targets: [{}]\ndependencies: [{item: {vm: a}, after: {vm: A}}]", "spec.dependencies[0] closes a cycle: a → a. Each would wait for the other.")]
    [InlineData("targets: [{}]\nlimits: {campaign: 0%}", "spec.limits.campaign is '0%'; it must be a whole number from 1 to 1000000, or a percentage from 1% to 100%.")]
    [InlineData("targets: [{}]\nlimits: {hosts: 3}", "spec.limits.hosts is not a known key. Did you mean host? Allowed here: campaign, host, link, site, switch, tenant.")]
    [InlineData("targets: [{}]\nlimits: {switch: 3}", "spec.limits.switch is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nwindows: {}", "spec.windows is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\ntogether: [{vm: a}]", "spec.together is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\ntimeouts: {phase: {switch: 1h}}", "spec.timeouts.phase is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nstrategy: host-to-host\nwindows: {sync: {opens: '22:00', closes: '06:00', timeZone: UTC, onClose: pause}}", "spec.windows.sync.onClose is not a known key. Allowed here: closes, opens, timeZone.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, outage: {maxLag: 0s}}", "spec.strategy.outage.maxLag is '0s'; it must be a duration from 1s to 720h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, outage: automatic}]", "spec.waves[].outage is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, outage: {automatic: true, approval: {by: [ann]}}}", "spec.strategy.outage.approval cannot be used with automatic: spec.strategy.outage needs an approval, or none.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, hooks: {beforeSwitch: a}}", "spec.strategy.hooks.beforeSwitch is not a known key. Allowed here: afterVerify, beforeOutage.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, goal: back}", "spec.strategy.goal is 'back'; it must be one of home, protect.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, goal: protect}\nlimits: {switch: 1}", "spec.limits.switch cannot be used with the goal protect: no service goes down.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, goal: protect}\ntogether: [{vm: a}]", "spec.together cannot be used with the goal protect: no service goes down.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, goal: protect, hooks: {beforeOutage: a.sh}}", "spec.strategy.hooks cannot be used with the goal protect: no service goes down.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: []}", "spec.strategy.networks is '[]'; it must be a list of at least 1.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b}, {from: A, to: c}]}", "spec.strategy.networks[1].from is 'A'; it must be a switch that no other rule has.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a}]}", "spec.strategy.networks[0].to is missing; it must be a switch of home.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, vlan: 4095}]}", "spec.strategy.networks[0].vlan is '4095'; it must be a whole number from 1 to 4094, or untagged.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, vlan: 0}]}", "spec.strategy.networks[0].vlan is '0'; it must be a whole number from 1 to 4094, or untagged.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, vlan: trunk}]}", "spec.strategy.networks[0].vlan is 'trunk'; it must be a whole number from 1 to 4094, or untagged.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, mac: 00155D010203}]}", "spec.strategy.networks[0].mac is '00155D010203'; it must be keep.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, dhcp: true, subnets: [{from: 10.0.0.0/8, to: 11.0.0.0/8}]}]}", "spec.strategy.networks[0].dhcp cannot be used with subnets: a guest asks a DHCP server, or has addresses of its own.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.1/8, to: 11.0.0.0/8}]}]}", "spec.strategy.networks[0].subnets[0].from is '10.0.0.1/8'; it must be a subnet in its usual form, such as 10.20.0.0/16 or fd00:20::/64.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.0/8, to: 11.0.0.0/16}]}]}", "spec.strategy.networks[0].subnets[0].to is '11.0.0.0/16'; it must be a subnet of the same size as 10.0.0.0/8.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.0/8, to: 'fd00::/8'}]}]}", "spec.strategy.networks[0].subnets[0].to is 'fd00::/8'; it must be a subnet of the same size as 10.0.0.0/8.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.0/8, to: 11.0.0.0/8}, {from: 10.1.0.0/16, to: 10.2.0.0/16}]}]}", "spec.strategy.networks[0].subnets[1].from is '10.1.0.0/16'; it must be a subnet that overlaps no other one of its switch.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.0/8, to: 11.0.0.0/8, gateway: 10.0.0.1}]}]}", "spec.strategy.networks[0].subnets[0].gateway is '10.0.0.1'; it must be an address of 11.0.0.0/8.")]
    [InlineData("targets: [{}]\nstrategy: {name: host-to-host, networks: [{from: a, to: b, subnets: [{from: 10.0.0.0/8, to: 11.0.0.0/8, dns: ['11.1']}]}]}", "spec.strategy.networks[0].subnets[0].dns[0] is '11.1'; it must be an IP address in its usual form, such as 10.10.0.1 or fd00:10::1.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, once: {afterEnd: a.sh}}]", "spec.waves[].once is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nstrategy: host-to-host\nwaves: [{name: a, once: {}}]", "spec.waves[0].once is empty; it must have beforeOutages, afterEnd or both.")]
    [InlineData("targets: [{}]\nwaves: [{name: a, hooks: {beforeOutage: a.sh}}]", "spec.waves[].hooks is for the strategies host-to-host and planned-drill; with others there is no such phase.")]
    [InlineData("targets: [{}]\nstrategy: host-to-host\nrecoveryPoint: latest-application-consistent", "spec.recoveryPoint cannot be used with the strategy host-to-host: the machines return with every change, not to an earlier point.")]
    [InlineData("targets: [{}]\nstrategy: host-to-host\ntogether: []", "spec.together is '[]'; it must be a list of at least 1.")]
    [InlineData("targets: [{}]\ntolerance: {failures: -1}", "spec.tolerance.failures is '-1'; it must be a whole number from 0 to 1000000, or a percentage from 0% to 100%.")]
    [InlineData("targets: [{}]\ntolerance: {onBreach: halt}", "spec.tolerance.onBreach is 'halt'; it must be one of pause, stop.")]
    [InlineData("targets: [{}]\ntolerance: {window: {failures: 3}}", "spec.tolerance.window.in is missing; it must be a duration, such as 15m.")]
    [InlineData("targets: [{}]\nretry: {attempts: 0}", "spec.retry.attempts is '0'; it must be a whole number from 1 to 100.")]
    [InlineData("targets: [{}]\nretry: {initial: 5m, max: 1m}", "spec.retry.max is '1m'; it must be a duration from 5m.")]
    [InlineData("targets: [{}]\nretry: {initial: 1h}", "spec.retry.max is 10m when left out, which is shorter than initial, 1h; it must be at least that.")]
    [InlineData("targets: [{}]\nretry: {jitter: 2}", "spec.retry.jitter is '2'; it must be a number from 0 to 1.")]
    [InlineData("targets: [{}]\ntimeouts: {item: 24}", "spec.timeouts.item is '24'; it must be a duration from 1s to 2160h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"22:00\", closes: \"06:00\", timeZone: Europe/Madird}", "spec.window.timeZone is 'Europe/Madird'; it must be an IANA time zone, such as Europe/Madrid.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"25:00\", closes: \"06:00\", timeZone: UTC}", "spec.window.opens is '25:00'; it must be a local time, such as 22:00 or Sat 22:00.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"Satur 22:00\", closes: \"Sun 06:00\", timeZone: UTC}", "spec.window.opens is 'Satur 22:00'; it must be a local time, such as 22:00 or Sat 22:00.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"Sat 22:00\", closes: \"06:00\", timeZone: UTC}", "spec.window.closes is '06:00'; it must be a time with a day, as opens has one.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"22:00\", closes: \"22:00\", timeZone: UTC}", "spec.window.closes is '22:00'; it must be another time than opens.")]
    [InlineData("targets: [{}]\nreadiness: {ignore: [lag]}", "spec.readiness.ignore[0] is 'lag'; it must be the id of a readiness check in UPPER_SNAKE_CASE, such as REPLICATION_LAG.")]
    [InlineData("targets: [{}]\nreplicationSettings: {recoveryServerPort: 0}", "spec.replicationSettings.recoveryServerPort is '0'; it must be a whole number from 1 to 65535.")]
    [InlineData("targets: [{}]\nreplicationSettings: {recoveryConnectionPoint: 10.0.0.1}", "spec.replicationSettings.recoveryConnectionPoint is '10.0.0.1'; it must be a DNS name; Hyper-V does not accept an IP address here.")]
    [InlineData("targets: [{}]\nreplicationSettings: {replicationInterval: 1m}", "spec.replicationSettings.replicationInterval is '1m'; it must be one of 30s, 5m, 15m.")]
    [InlineData("targets: [{}]\nfoo: 1", "spec.foo is not a known key. Allowed here: dependencies, limits, notifications, readiness, recoveryPoint, replicationSettings, retry, schedule, strategy, targets, timeouts, together, tolerance, waves, window, windows.")]
    public void Parse_of_one_error_says_what_and_what_is_allowed(string spec, string message)
        => Errors(spec).ShouldHaveSingleItem().Message.ShouldBe(message);

    [Theory]
    [InlineData("host-to-host", true)]
    [InlineData("{name: host-to-host}", true)]
    [InlineData("{name: host-to-host, rehearse: true}", true)]
    [InlineData("{name: host-to-host, rehearse: false}", false)]
    [InlineData("{name: host-to-host, rehearse: {switch: Isolated}}", true)]
    public void Parse_rehearses_unless_the_document_says_otherwise(string strategy, bool rehearses)
        => CampaignDocument.Parse(Harness.Scenario.Document("strategy: " + strategy), "test.yaml").Require().HostToHost!.Rehearse.ShouldBe(rehearses);

    [Theory]
    [InlineData("auto")]
    [InlineData("{name: auto, rehearse: true}")]
    public void Parse_by_each_machines_provider_takes_what_belongs_to_either_way_home(string strategy)
    {
        var spec = CampaignDocument.Parse(
            Harness.Scenario.Document($"strategy: {strategy}\nrecoveryPoint: latest-application-consistent\nreadiness: {{required: true}}\nlimits: {{switch: 2}}\ntogether: [{{vm: a}}]"), "test.yaml").Require();
        (spec.Strategy, spec.HostToHost!.Rehearse, spec.Limits.Switch is not null).ShouldBe((Spec.Strategy.Auto, true, true));
    }

    [Fact]
    public void Parse_reads_what_adapters_get_at_home()
    {
        var spec = CampaignDocument.Parse(
            Harness.Scenario.Document("""
                strategy:
                  name: host-to-host
                  networks:
                    - {from: DR, to: Prod, subnets: [{from: 10.20.0.0/16, to: 10.10.0.0/16, gateway: 10.10.0.1, dns: [10.10.0.53]}, {from: "fd00:20::/64", to: "fd00:10::/64"}]}
                    - {from: Dmz, to: Dmz, dhcp: true, vlan: untagged, mac: keep}
                    - {from: Lab, to: Lab, vlan: 4094}
                """.Replace("\r", "", StringComparison.Ordinal)), "test.yaml").Require();
        var rules = spec.HostToHost!.Networks!;
        rules.Select(rule => (rule.From, rule.To, rule.Dhcp, rule.Subnets.Count)).ShouldBe([("DR", "Prod", false, 2), ("Dmz", "Dmz", true, 0), ("Lab", "Lab", false, 0)]);
        rules.Select(rule => (rule.Vlan, rule.KeepMac)).ShouldBe([(null, false), (0, true), (4094, false)]);
        (rules[0].Subnets[0].Gateway, rules[0].Subnets[0].DnsServers, rules[0].Subnets[1]).ShouldSatisfyAllConditions(
            one => (one.Gateway, one.DnsServers.Single()).ShouldBe(("10.10.0.1", "10.10.0.53")), one => (one.Item3.From, one.Item3.To, one.Item3.Gateway).ShouldBe(("fd00:20::/64", "fd00:10::/64", "")));
    }

    [Fact]
    public void Campaign_that_was_stored_before_there_were_rehearsals_has_none()
        => System.Text.Json.JsonSerializer.Deserialize<Spec.HostToHostSpec>("{}")!.Rehearse.ShouldBeFalse();

    [Theory]
    [InlineData("test-failover", "", false)]
    [InlineData("{name: test-failover}", "", false)]
    [InlineData("{name: test-failover, switch: none}", "", false)]
    [InlineData("{name: test-failover, switch: Isolated}", "Isolated", false)]
    [InlineData("{name: test-failover, switch: {external: Lab}}", "Lab", true)]
    public void Parse_takes_no_switch_an_isolated_one_or_an_external_one_that_is_named_as_such(string strategy, string name, bool external)
    {
        var spec = CampaignDocument.Parse(Harness.Scenario.Document("strategy: " + strategy), "test.yaml").Require();
        (spec.Strategy, spec.HostToHost, spec.TestFailover!.Switch, spec.TestFailover.AllowsExternal).ShouldBe((Spec.Strategy.TestFailover, null, name, external));
        (spec.TestFailover.Soak, spec.TestFailover.ProofValidFor).ShouldBe((TimeSpan.Zero, TimeSpan.FromDays(30)));
    }

    [Theory]
    [InlineData("targets: [{}]\nretry: {factor: 0.5}", "spec.retry.factor is '0.5'; it must be a number from 1 to 10.")]
    [InlineData("targets: [{}]\nretry: {failedJobs: maybe}", "spec.retry.failedJobs is 'maybe'; it must be one of true, false.")]
    [InlineData("targets: [{}]\ntimeouts: {noProgress: 0s}", "spec.timeouts.noProgress is '0s'; it must be a duration from 1s to 2160h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\ntimeouts: {unreachable: soon}", "spec.timeouts.unreachable is 'soon'; it must be a duration from 1s to 2160h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"22:00\", closes: \"Sun 06:00\", timeZone: UTC}", "spec.window.closes is 'Sun 06:00'; it must be a time without a day, as opens has none.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"22:00\", closes: \"06:00\", timeZone: UTC, onClose: abort}", "spec.window.onClose is 'abort'; it must be one of drain, pause.")]
    [InlineData("targets: [{}]\nwindow: {opens: \"22:00\", closes: \"06:00\"}", "spec.window.timeZone is missing; it must be an IANA time zone, such as Europe/Madrid.")]
    [InlineData("targets: [{}]\nreadiness: {maxAge: 0s}", "spec.readiness.maxAge is '0s'; it must be a duration from 1s to 720h, such as 30s, 10m or 1h30m.")]
    [InlineData("targets: [{}]\nreadiness: {required: perhaps}", "spec.readiness.required is 'perhaps'; it must be one of true, false.")]
    [InlineData("targets: [{}]\nlimits: {host: 3, host: 4}", "spec.limits.host is given twice; it is already on line 6.")]
    public void Parse_of_a_further_error_says_what_and_what_is_allowed(string spec, string message)
        => Errors(spec).ShouldHaveSingleItem().Message.ShouldBe(message);

    [Theory]
    [InlineData("", "The document is empty; it must be a mapping of keys to values.")]
    [InlineData("apiVersion: failback/v1\n---\nkind: Campaign\n", "The text holds a second document; only one is allowed.")]
    [InlineData("apiVersion: &v failback/v1\n", "apiVersion defines the anchor &v; anchors and aliases are not allowed, write the value out.")]
    [InlineData("kind: *k\n", "kind uses the alias *k; anchors and aliases are not allowed, write the value out.")]
    [InlineData("kind: !!str Campaign\n", "kind has the tag tag:yaml.org,2002:str; tags are not allowed.")]
    [InlineData("spec:\n\tlimits: {}\n", "Line 2 is indented with a tab; YAML allows spaces only.")]
    public void Parse_of_what_cannot_be_read_says_why(string text, string message)
        => CampaignDocument.Parse(text, "test.yaml").Errors.ShouldHaveSingleItem().Message.ShouldBe(message);

    [Fact]
    public void Parse_of_a_document_that_is_too_large_or_too_deep_is_refused_before_it_costs_anything()
    {
        CampaignDocument.Parse(new string('#', (1024 * 1024) + 1), "large.yaml").Errors.ShouldHaveSingleItem().Message
            .ShouldBe("The document has 1048577 bytes; it may have at most 1048576 bytes.");
        CampaignDocument.Parse("spec: " + new string('[', 5000), "deep.yaml").Errors.ShouldHaveSingleItem().Message
            .ShouldEndWith("is nested deeper than 32 levels.");
    }

    [Theory]
    [InlineData("{name: \"\"}", "metadata.name is empty; it must be 1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit.")]
    [InlineData("{name: 1abc}", "metadata.name is '1abc'; it must be 1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit.")]
    [InlineData("{name: a-}", "metadata.name is 'a-'; it must be 1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit.")]
    [InlineData("{name: a, labels: [x]}", "metadata.labels is '[…]'; it must be a mapping of texts to texts.")]
    public void Parse_of_wrong_metadata_says_so(string metadata, string message)
        => Errors("targets: [{}]", metadata).ShouldHaveSingleItem().Message.ShouldBe(message);

    [Fact]
    public void Parse_shows_a_cycle_of_dependencies_as_its_path()
    {
        const string Spec = "targets: [{}]\ndependencies: [{item: {vm: web-*}, after: {vm: app-*}}, {item: {vm: app-*}, after: {vm: sql-*}}, {item: {vm: sql-*}, after: {vm: web-*}}]";

        Errors(Spec).ShouldHaveSingleItem().Message.ShouldBe("spec.dependencies[2] closes a cycle: sql-* → web-* → app-* → sql-*. Each would wait for the other.");
    }

    [FsCheck.Xunit.Property(MaxTest = 200)]
    public bool Parse_of_a_damaged_document_reports_and_never_throws(int at, char put)
    {
        var index = (int)((uint)at % (uint)Whole.Length);
        var damaged = string.Concat(Whole.AsSpan(0, index), put.ToString(), Whole.AsSpan(index + 1));
        var result = CampaignDocument.Parse(damaged, "damaged.yaml");
        return result.IsValid == (result.Errors.Count == 0) && result.Errors.All(error => error.Message.Length > 0);
    }
}
