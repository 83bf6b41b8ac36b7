using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Methods.Server;

public sealed class AuthorizationEntryTests
{
    private const string ClassName = "Msvm_ReplicationAuthorizationSettingData";
    private const string PrimaryServer = "replica-broker.primary.example";
    private const string Folder = @"E:\Replicas";

    [Fact]
    public async Task A_host_lets_any_server_in_by_default_and_otherwise_those_of_its_description()
    {
        await using var stage = await Stage.OpenAsync();
        (await NamesAsync(stage)).ShouldBe(["*"]);
        await using var other = await Stage.OpenAsync(Stage.HostOf() with
        {
            AuthorizationEntries = [new(PrimaryServer) { TrustGroup = "GOLD", ReplicaStorageLocation = Folder }, new("*.primary.example")],
        });
        var entries = await ServerSubject.ListAsync(other, ClassName);
        entries.Select(entry => entry["AllowedPrimaryHostSystem"]).ShouldBe([PrimaryServer, "*.primary.example"]);
        entries[0]["TrustGroup"].ShouldBe("GOLD");
        entries[0]["ReplicaStorageLocation"].ShouldBe(Folder);
        (await other.Session.GetInstanceAsync(CimObjectPath.Parse(entries[1].Path!.ToString()), Stage.Token)).ShouldNotBeNull();
        var service = (await ServerSubject.ListAsync(other, HyperVClasses.ReplicationService)).ShouldHaveSingleItem();
        (await other.Session.ListAssociatorsAsync(service.Path!, "", ClassName, Stage.Token)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task Entries_are_added_changed_and_removed_and_outlive_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine()), compactAbove,
        async stage =>
        {
            await AcceptedAsync(AddAsync(stage, PrimaryServer, "GOLD", Folder));
            await AcceptedAsync(AddAsync(stage, "other.example", "GOLD", Folder));
            await AcceptedAsync(ServerSubject.CallAsync(
                stage, "ModifyAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", PrimaryServer.ToUpperInvariant()), ("TrustGroup", "SILVER")))));
            await AcceptedAsync(RemoveAsync(stage, "other.example"));
        },
        async stage =>
        {
            (await NamesAsync(stage)).ShouldBe(["*", PrimaryServer]);
            var entry = (await ServerSubject.ListAsync(stage, ClassName))[1];
            entry["TrustGroup"].ShouldBe("SILVER");
            entry["ReplicaStorageLocation"].ShouldBe(Folder, "it was left out");
        });

    [Theory]
    [InlineData("", "GOLD", Folder)]
    [InlineData("10.0.0.1", "GOLD", Folder)]
    [InlineData("*x", "GOLD", Folder)]
    [InlineData("a server", "GOLD", Folder)]
    [InlineData("*", "GOLD", Folder)]
    [InlineData(PrimaryServer, null, Folder)]
    [InlineData(PrimaryServer, "", Folder)]
    [InlineData(PrimaryServer, "GOLD", null)]
    [InlineData(PrimaryServer, "GOLD", "Replicas")]
    public async Task An_entry_that_is_not_whole_or_already_there_is_an_invalid_parameter(string allowed, string? group, string? folder)
    {
        await using var stage = await Stage.OpenAsync();
        await Operator.RefusedAsync(AddAsync(stage, allowed, group, folder), ReturnCode.InvalidParameter);
        (await NamesAsync(stage)).ShouldBe(["*"]);
    }

    [Fact]
    public async Task What_is_no_entry_is_refused()
    {
        await using var stage = await Stage.OpenAsync();
        await Operator.RefusedAsync(ServerSubject.CallAsync(stage, "AddAuthorizationEntry", ("AuthorizationEntry", ServerSubject.Text("Msvm_Other"))), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(ServerSubject.CallAsync(stage, "ModifyAuthorizationEntry", ("AuthorizationEntry", "")), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(
            ServerSubject.CallAsync(stage, "ModifyAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", PrimaryServer)))), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(RemoveAsync(stage, PrimaryServer), ReturnCode.InvalidParameter);
    }

    [Theory]
    [InlineData("ModifyServiceSettings", "SettingData")]
    [InlineData("AddAuthorizationEntry", "AuthorizationEntry")]
    [InlineData("ModifyAuthorizationEntry", "AuthorizationEntry")]
    [InlineData("RemoveAuthorizationEntry", "AllowedPrimaryHostSystem")]
    public async Task On_a_node_of_a_cluster_the_broker_is_to_be_asked(string method, string argument)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Cluster = new SimulatedClusterDescription { Name = "CL-WEST" } });
        await Operator.RefusedAsync(ServerSubject.CallAsync(stage, method, (argument, "*")), ReturnCode.NotSupported);
        var machine = OperatorOf(stage);
        await Operator.RefusedAsync(machine.ServiceAsync("SetAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", "*")))), ReturnCode.NotSupported);
    }

    [Fact]
    public async Task Without_the_entry_that_lets_its_primary_in_a_replica_is_not_replicated_to()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine("by rule", 1) with { State = ReplicationState.Replicating },
            Stage.Machine("bound", 2) with { State = ReplicationState.Replicating },
            Stage.Machine("failed over", 3)) with
        {
            AuthorizationEntries = [new("*"), new(PrimaryServer), new("other.example")],
        });
        var bound = new Operator(stage, new(stage.Host.Description.VirtualMachines[1].Id));
        await bound.FinishAsync(
            bound.ServiceAsync("SetAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", "other.example")))), JobType.ModifyReplicationRelationship);

        await AcceptedAsync(RemoveAsync(stage, PrimaryServer));
        (await StatesAsync(stage)).ShouldBe([ReplicationState.Replicating, ReplicationState.Replicating, ReplicationState.Recovered], "'*' still lets it in");
        await AcceptedAsync(RemoveAsync(stage, "other.example"));
        (await StatesAsync(stage)).ShouldBe([ReplicationState.Replicating, ReplicationState.Critical, ReplicationState.Recovered]);
        await AcceptedAsync(RemoveAsync(stage, "*"));
        (await StatesAsync(stage)).ShouldBe([ReplicationState.Critical, ReplicationState.Critical, ReplicationState.Recovered]);
    }

    [Fact]
    public async Task A_replica_is_bound_to_an_entry_that_there_is()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine(), Stage.Machine("primary", 2) with { Mode = ReplicationMode.Primary }));
        await Operator.RefusedAsync(
            OperatorOf(stage).ServiceAsync("SetAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", PrimaryServer)))), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(
            new Operator(stage, new(stage.Host.Description.VirtualMachines[1].Id)).ServiceAsync("SetAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", "*")))),
            ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(true, true, ReturnCode.JobStarted)]
    [InlineData(true, false, ReturnCode.InvalidState)]
    [InlineData(false, true, ReturnCode.InvalidState)]
    public async Task A_primary_becomes_a_replica_only_where_the_server_is_on_and_lets_somebody_in(bool enabled, bool hasEntry, ReturnCode expected)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Critical }) with
        {
            RecoveryServerEnabled = enabled,
            AuthorizationEntries = hasEntry ? [new(PrimaryServer)] : [],
        });
        (await OperatorOf(stage).RequestReplicationAsync(2)).ReturnValue.ShouldBe((uint)expected);
    }

    [Fact]
    public async Task A_description_with_a_name_that_is_none_is_refused()
        => (await Should.ThrowAsync<ArgumentException>(() => Stage.OpenAsync(Stage.HostOf() with { AuthorizationEntries = [new("10.0.0.1")], HttpPort = 0 })))
            .Message.ShouldContain("10.0.0.1");

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static string Text(params IEnumerable<(string Name, object? Value)> properties) => ServerSubject.Text(ClassName, properties);

    private static Task<CimMethodResult> AddAsync(Stage stage, string allowed, string? group, string? folder) => ServerSubject.CallAsync(
        stage, "AddAuthorizationEntry", ("AuthorizationEntry", Text(("AllowedPrimaryHostSystem", allowed), ("TrustGroup", group), ("ReplicaStorageLocation", folder))));

    private static Task<CimMethodResult> RemoveAsync(Stage stage, string allowed)
        => ServerSubject.CallAsync(stage, "RemoveAuthorizationEntry", ("AllowedPrimaryHostSystem", allowed));

    private static async Task AcceptedAsync(Task<CimMethodResult> call) => (await call).ReturnValue.ShouldBe(0u);

    private static async Task<IEnumerable<string?>> NamesAsync(Stage stage)
        => (await ServerSubject.ListAsync(stage, ClassName)).Select(entry => (string?)entry["AllowedPrimaryHostSystem"]);

    private static async Task<List<ReplicationState>> StatesAsync(Stage stage)
    {
        var states = new List<ReplicationState>();
        foreach (var machine in stage.Host.Description.VirtualMachines)
        {
            states.Add(await stage.StateAsync(new(machine.Id)));
        }

        return states;
    }
}
