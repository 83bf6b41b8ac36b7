using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests;

/// <summary>The preflight of the domain, made on a whole simulated host instead of on scripted instances.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task Every_machine_of_a_generated_estate_passes_the_preflight_without_a_question()
    {
        var estate = EstateGenerator.Generate(hosts: 3, virtualMachinesPerHost: 5, seed: 7);
        foreach (var description in estate.Hosts)
        {
            await using var stage = await Stage.OpenAsync(description);
            var machines = await stage.Door.ListVirtualMachinesAsync(Stage.Token);
            machines.Count.ShouldBe(5);
            foreach (var machine in machines)
            {
                stage.Door.Rules.WhyIneligible(machine).ShouldBeNull(machine.Name);
                var report = await stage.Door.CheckReadinessAsync(machine.Id, RecoveryPointSelector.Latest, Stage.Token);
                report.Obstacles([]).Select(c => $"{machine.Name}: {c.Id}: {c.Observed}").ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task Every_host_of_the_in_box_provider_passes_the_preflight_by_kerberos_and_by_certificates()
    {
        var machines = new[] { Stage.Machine() with { Authentication = AuthenticationType.Kerberos }, Stage.Machine("web-01", 2) };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machines) with
        {
            Provider = ReplicationProviderKind.InBox,
            AllowedAuthentication = RecoveryServerAuthentication.Both,
            Cluster = new SimulatedClusterDescription { Name = "CL-WEST" },
        });
        foreach (var machine in machines)
        {
            var report = await stage.Door.CheckReadinessAsync(new VirtualMachineId(machine.Id), RecoveryPointSelector.Latest, Stage.Token);
            report.Obstacles([]).Select(c => $"{machine.Name}: {c.Id}: {c.Observed}").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_surrounds_a_host_is_rehearsed_as_described()
    {
        var machines = new[]
        {
            Stage.Machine() with { Certificate = "expired", OwnerNode = "hv-west-02" },
            Stage.Machine("web-01", 2) with { Certificate = "elsewhere" },
            Stage.Machine("app-01", 3) with { Certificate = "ending" },
            Stage.Machine("dc-01", 4) with { Certificate = "server only" },
            Stage.Machine("old-01", 5) with { Certificate = "other name" },
        };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machines) with
        {
            Provider = ReplicationProviderKind.InBox,
            Cluster = new SimulatedClusterDescription { Name = "CL-WEST", Broker = SimulatedBroker.Failed },
            Certificates =
            [
                new() { Name = "expired", ExpiresIn = TimeSpan.FromDays(-1) },
                new() { Name = "ending", ExpiresIn = TimeSpan.FromDays(3) },
                new() { Name = "server only", Usages = [SimulatedCertificateUsage.ServerAuthentication] },
                new() { Name = "other name", DnsNames = ["hv-east-01.contoso.test"] },
            ],
        });
        var obstacles = new List<string>();
        foreach (var machine in machines)
        {
            var report = await stage.Door.CheckReadinessAsync(new VirtualMachineId(machine.Id), RecoveryPointSelector.Latest, Stage.Token);
            obstacles.Add(string.Join(' ', report.Obstacles([]).Select(c => c.Id)));
        }

        obstacles.ShouldBe(
        [
            "CERTIFICATE_NOT_VALID CLUSTER_OWNER_IS_ANOTHER_NODE CLUSTER_BROKER_NOT_ONLINE",
            "CERTIFICATE_NOT_ON_HOST CLUSTER_BROKER_NOT_ONLINE",
            "CERTIFICATE_EXPIRES_SOON CLUSTER_BROKER_NOT_ONLINE",
            "CERTIFICATE_USAGE_MISSING CLUSTER_BROKER_NOT_ONLINE",
            "CERTIFICATE_NAME_MISMATCH CLUSTER_BROKER_NOT_ONLINE",
        ]);
    }

    [Fact]
    public async Task A_host_that_no_longer_takes_replication_is_rehearsed_as_described()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Authentication = AuthenticationType.Kerberos }) with
        {
            Provider = ReplicationProviderKind.InBox,
            RecoveryServerEnabled = false,
            AllowedAuthentication = RecoveryServerAuthentication.Certificate,
            AuthorizationEntries = [new("*.elsewhere.example")],
        });
        var id = new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id);
        var report = await stage.Door.CheckReadinessAsync(id, RecoveryPointSelector.Latest, Stage.Token);
        report.Obstacles([]).Select(c => c.Id).ShouldBe(
        [
            ReadinessCheckId.ReplicaServerNotEnabled,
            ReadinessCheckId.ReplicaServerAuthenticationNotAllowed,
            ReadinessCheckId.ReplicaServerPrimaryNotAuthorized,
        ]);
    }

    [Fact]
    public async Task A_full_volume_is_rehearsed_as_described()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Volumes = [new() { Name = @"D:\", CapacityGigabytes = 100, FreeGigabytes = 0.5 }] });
        var id = new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id);
        var report = await stage.Door.CheckReadinessAsync(id, RecoveryPointSelector.Latest, Stage.Token);
        var obstacle = report.Obstacles([]).ShouldHaveSingleItem();
        obstacle.Id.ShouldBe(ReadinessCheckId.VolumeSpaceLow);
        obstacle.Observed.ShouldStartWith(@"D:\ has 500000000 bytes (0.5 GiB) free");
    }

    [Fact]
    public async Task A_machine_that_is_being_failed_back_is_not_ready_for_another()
    {
        await using var stage = await Stage.OpenAsync();
        await stage.StartAsync();
        stage.Pass(30);
        var machine = (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem();
        var report = await stage.Door.CheckReadinessAsync(machine.Id, RecoveryPointSelector.Latest, Stage.Token);
        report.Ready.ShouldBeFalse();
        report.Obstacles([]).Select(c => c.Id).ShouldBe(
        [
            ReadinessCheckId.ReplicationStateNotAllowed,
            ReadinessCheckId.VirtualMachineBusy,
            ReadinessCheckId.JobInProgress,
        ]);
    }
}
