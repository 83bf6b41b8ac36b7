using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

public sealed partial class EstateDocumentTests
{
    private const string Full = """
        apiVersion: failback/v1
        kind: Estate
        seed: 7
        hosts:
          - name: HV-WEST-01
            platform: windowsServer2012R2
            site: dr-west
            primarySite: main-west
            linkMegabitsPerSecond: 500
            compareMegabytesPerSecond: 80
            mergeMegabytesPerSecond: 150
            maxConcurrentJobs: 4
            provider: inBox
            providerSupportsFailback: true
            primarySiteReachable: false
            afterFailure: formerState
            afterCancel: critical
            checkOrder: [access, computerSystem, settingsText, settingsOwner, state, mode, notBusy, providerSupport, providerReach, recoveryPoint]
            failbackStates: [recovered, replicating]
            failbackNeedsOff: false
            recoveryServerEnabled: false
            allowedAuthentication: both
            httpPort: 8080
            httpsPort: 8443
            monitoringInterval: 6h
            authorizationEntries:
              - allowedPrimaryHostSystem: hv-main.example
                trustGroup: GOLD
                replicaStorageLocation: 'E:\Replicas'
              - allowedPrimaryHostSystem: '*.main.example'
            certificates:
              - { name: old, expiredFor: 2d, usages: [serverAuthentication] }
              - { name: new, dnsNames: [hv-west-01.contoso.test, "*.contoso.test"], startsIn: 1h, expiresIn: 30d, usages: [] }
            cluster: { name: CL-WEST, broker: failed }
            volumes:
              - { name: 'C:\ClusterStorage\Volume1\', capacityGigabytes: 4000, freeGigabytes: 12.5 }
            faults:
              - kind: hostRestarts
                atPercent: 30
              - kind: emptyResult
            virtualMachines:
              - name: sql-01
                id: 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10
                diskGigabytes: 240
                disks: 3
                changedGigabytes: 3.5
                state: committed
                mode: extendedReplica
                health: warning
                power: off
                recoveryHistory: 12
                applicationConsistentHours: 2
                sinceLastReplication: 1h30m
                extended: true
                peerState: syncedReplicationComplete
                checkpoints: [before update]
                present: false
                authentication: kerberos
                certificate: new
                ownerNode: HV-WEST-02
                guest: { bootTime: 90s, bootFails: true, applicationCritical: true, integrationServices: false, hangsAfter: 2h }
                faults:
                  - { kind: answers, code: 32777, times: 2 }
                  - { kind: jobFails, errorCode: 32772, description: the disk is full, atPercent: 80, state: recovered, times: 1 }
                  - { kind: inUse, jobType: 50, for: 10m }
              - name: web-01
        """;

    private static readonly Fault[] OneOfEach =
    [
        new AnswerFault((ReturnCode)12345) { Times = 3 },
        new SynchronousAnswerFault(),
        new InUseFault { JobType = JobType.MergeDisks, After = TimeSpan.FromMinutes(1), Duration = TimeSpan.FromMinutes(5) },
        new AccessDeniedFault(),
        new EmptyResultFault(),
        new JobEndsFault { ErrorCode = 32779, Description = "true", AtPercent = 12.5, State = ReplicationState.Recovered, Times = 1 },
        new JobEndsFault { JobState = JobState.CompletedWithWarnings, ErrorCode = 0 },
        new JobEndsFault { JobState = (JobState)40000 },
        new JobVanishesFault { AtPercent = 10, State = ReplicationState.FailbackComplete },
        new LocalisedTextsFault(),
        new RacedFault { Times = 1 },
        new JobOfAnotherClassFault { JobClass = SimulatedJobClass.MigrationJob, Times = 2 },
        new PercentStuckFault { AtPercent = 70 },
        new StepStuckFault(JobType.InitiateFailover) { AtPercent = 20, Times = 2 },
        new StepStuckFault((JobType)12345) { Vanishes = true },
        new PercentJumpsFault { Times = 2 },
        new PercentGoesBackFault { AtPercent = 50, By = 20 },
        new HostRestartsFault { AtPercent = 33 },
        new AnswerLostFault { Times = 1 },
        new LeavesFault { AtPercent = 20, ReturnsAfter = TimeSpan.FromMinutes(3) },
        new LeavesFault { After = TimeSpan.FromMinutes(4) },
        new RenamedFault("another name") { After = TimeSpan.FromMinutes(7) },
        new RecoveryPointsGoneFault { After = TimeSpan.FromMinutes(8) },
        new DiskMissingFault { Disk = 3 },
        new SlowCallsFault(TimeSpan.FromSeconds(2)) { Times = 5 },
        new EventsLostFault { Percent = 25 },
        new EventsLateFault(TimeSpan.FromSeconds(30)),
    ];

    [Fact]
    public void Every_key_is_read()
    {
        var host = EstateDocument.Parse(Full, "estate.yaml").Require().Hosts.ShouldHaveSingleItem();
        host.ShouldSatisfyAllConditions(
            () => host.Name.ShouldBe("HV-WEST-01"),
            () => host.Platform.ShouldBe(HostPlatform.WindowsServer2012R2),
            () => host.Site.ShouldBe("dr-west"),
            () => host.PrimarySite.ShouldBe("main-west"),
            () => host.LinkMegabitsPerSecond.ShouldBe(500),
            () => host.CompareMegabytesPerSecond.ShouldBe(80),
            () => host.MergeMegabytesPerSecond.ShouldBe(150),
            () => host.MaxConcurrentJobs.ShouldBe(4),
            () => host.Provider.ShouldBe(ReplicationProviderKind.InBox),
            () => host.ProviderSupportsFailback.ShouldBe(true),
            () => host.PrimarySiteReachable.ShouldBeFalse(),
            () => host.AfterFailure.ShouldBe(AfterInterruption.FormerState),
            () => host.AfterCancel.ShouldBe(AfterInterruption.Critical),
            () => host.CheckOrder.ShouldNotBeNull()[4].ShouldBe(FailbackCheck.State),
            () => host.FailbackStates.ShouldBe([ReplicationState.Recovered, ReplicationState.Replicating]),
            () => host.FailbackNeedsOff.ShouldBeFalse(),
            () => host.RecoveryServerEnabled.ShouldBeFalse(),
            () => host.AllowedAuthentication.ShouldBe(RecoveryServerAuthentication.Both),
            () => host.HttpPort.ShouldBe(8080),
            () => host.HttpsPort.ShouldBe(8443),
            () => host.MonitoringInterval.ShouldBe(TimeSpan.FromHours(6)),
            () => host.AuthorizationEntries.ShouldBe(
                [new("hv-main.example") { TrustGroup = "GOLD", ReplicaStorageLocation = @"E:\Replicas" }, new("*.main.example")]),
            () => host.Certificates.Select(certificate => certificate.Name).ShouldBe(["old", "new"]),
            () => host.Certificates[0].ExpiresIn.ShouldBe(TimeSpan.FromDays(-2)),
            () => host.Certificates[0].Usages.ShouldBe([SimulatedCertificateUsage.ServerAuthentication]),
            () => host.Certificates[1].DnsNames.ShouldBe(["hv-west-01.contoso.test", "*.contoso.test"]),
            () => host.Certificates[1].StartsIn.ShouldBe(TimeSpan.FromHours(1)),
            () => host.Certificates[1].ExpiresIn.ShouldBe(TimeSpan.FromDays(30)),
            () => host.Certificates[1].Usages.ShouldBeEmpty(),
            () => host.Cluster.ShouldBe(new SimulatedClusterDescription { Name = "CL-WEST", Broker = SimulatedBroker.Failed }),
            () => host.Volumes.ShouldBe([new SimulatedVolumeDescription { Name = @"C:\ClusterStorage\Volume1\", CapacityGigabytes = 4000, FreeGigabytes = 12.5 }]),
            () => host.Faults.ShouldBe([new HostRestartsFault { AtPercent = 30 }, new EmptyResultFault()]));
        var machine = host.VirtualMachines[0];
        machine.ShouldSatisfyAllConditions(
            () => machine.Id.ShouldBe(Guid.Parse("8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10")),
            () => machine.DiskGigabytes.ShouldBe(240),
            () => machine.Disks.ShouldBe(3),
            () => machine.ChangedGigabytes.ShouldBe(3.5),
            () => machine.State.ShouldBe(ReplicationState.Committed),
            () => machine.Mode.ShouldBe(ReplicationMode.ExtendedReplica),
            () => machine.Health.ShouldBe(ReplicationHealth.Warning),
            () => machine.Power.ShouldBe(EnabledState.Off),
            () => machine.RecoveryHistory.ShouldBe(12),
            () => machine.ApplicationConsistentHours.ShouldBe(2),
            () => machine.SinceLastReplication.ShouldBe(TimeSpan.FromMinutes(90)),
            () => machine.Extended.ShouldBeTrue(),
            () => machine.PeerState.ShouldBe(ReplicationState.SyncedReplicationComplete),
            () => machine.Checkpoints.ShouldBe(["before update"]),
            () => machine.Present.ShouldBeFalse(),
            () => machine.Authentication.ShouldBe(AuthenticationType.Kerberos),
            () => machine.Certificate.ShouldBe("new"),
            () => machine.OwnerNode.ShouldBe("HV-WEST-02"),
            () => machine.Guest.ShouldBe(new SimulatedGuestDescription
            {
                BootTime = TimeSpan.FromSeconds(90),
                BootFails = true,
                ApplicationCritical = true,
                IntegrationServices = false,
                HangsAfter = TimeSpan.FromHours(2),
            }),
            () => machine.Faults.ShouldBe(
            [
                new AnswerFault(ReturnCode.SystemNotAvailable) { Times = 2 },
                new JobEndsFault { ErrorCode = 32772, Description = "the disk is full", AtPercent = 80, State = ReplicationState.Recovered, Times = 1 },
                new InUseFault { JobType = JobType.MergeDisks, Duration = TimeSpan.FromMinutes(10) },
            ]));
    }

    [Fact]
    public void An_identifier_left_out_is_drawn_from_the_seed_and_the_name()
    {
        var first = EstateDocument.Parse(Full, "estate.yaml").Require().Hosts[0].VirtualMachines[1].Id;
        EstateDocument.Parse(Full, "estate.yaml").Require().Hosts[0].VirtualMachines[1].Id.ShouldBe(first);
        EstateDocument.Parse(Full.Replace("seed: 7", "seed: 8", StringComparison.Ordinal), "estate.yaml").Require()
            .Hosts[0].VirtualMachines[1].Id.ShouldNotBe(first);
    }

    [Fact]
    public void The_generator_form_gives_what_the_generator_gives()
    {
        const string Text = """
            apiVersion: failback/v1
            kind: Estate
            generate: { hosts: 8, virtualMachines: 5, seed: 7 }
            """;
        var estate = EstateDocument.Parse(Text, "estate.yaml").Require();
        EstateDocument.Write(estate).ShouldBe(EstateDocument.Write(EstateGenerator.Generate(8, 5, 7)));
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = EstateDocument.Write(EstateDocument.Parse(Full, "estate.yaml").Require());
        EstateDocument.Write(EstateDocument.Parse(text, "written.yaml").Require()).ShouldBe(text);

        var generated = EstateDocument.Write(EstateGenerator.Generate(3, 7, 42));
        EstateDocument.Write(EstateDocument.Parse(generated, "written.yaml").Require()).ShouldBe(generated);
    }

    [Fact]
    public void Lists_that_are_empty_on_purpose_are_written_and_read_back()
    {
        var estate = new Estate { Hosts = [Stage.HostOf() with { Certificates = [], Volumes = [] }] };
        var host = EstateDocument.Parse(EstateDocument.Write(estate), "written.yaml").Require().Hosts[0];
        host.Certificates.ShouldBeEmpty();
        host.Volumes.ShouldBeEmpty();
    }

    [Fact]
    public void Every_kind_of_fault_is_written_and_read_back_equal()
    {
        var estate = new Estate { Hosts = [Stage.HostOf() with { Faults = OneOfEach }] };
        EstateDocument.Parse(EstateDocument.Write(estate), "written.yaml").Require().Hosts[0].Faults.ShouldBe(OneOfEach);
        OneOfEach.Select(fault => fault.GetType()).Distinct()
            .ShouldBe(typeof(Fault).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Fault))), ignoreOrder: true);
    }

    [Fact]
    public void A_host_without_authorization_entries_is_written_as_such()
    {
        var estate = new Estate { Hosts = [Stage.HostOf() with { AuthorizationEntries = [] }] };
        EstateDocument.Parse(EstateDocument.Write(estate), "written.yaml").Require().Hosts[0].AuthorizationEntries.ShouldBeEmpty();
    }
}
