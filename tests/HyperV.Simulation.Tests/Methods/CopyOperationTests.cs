using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>First copies that are carried, what begins at a time to come, and what a replica sends further.</summary>
public sealed class CopyOperationTests
{
    private const string Folder = @"E:\First copies";

    [Theory]
    [InlineData(ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.WaitingToCompleteInitialReplication)]
    [InlineData(ReplicationState.Replicating, ReplicationState.Replicating)]
    public async Task An_exported_copy_is_complete_where_the_other_side_has_imported_it(ReplicationState peer, ReplicationState after)
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready) with { PeerState = peer });
        var call = await StartAsync(stage, 2, ("InitialReplicationExportLocation", Folder), ("StartTime", Stage.Began.AddDays(30)));
        (await stage.StateAsync()).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication, "a time to start at is ignored");
        stage.Pass(5 + 25);
        (await stage.JobAsync((CimObjectPath)call.Outputs["Job"]!)).PercentComplete.ShouldBe(50, "10 GB at 200 MB/s");
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.StartExportInitialReplication);
        (await stage.StateAsync()).ShouldBe(after);
    }

    [Fact]
    public async Task A_copy_that_is_already_there_is_compared_instead_of_sent()
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready));
        await OperatorOf(stage).FinishAsync(StartAsync(stage, 3), JobType.StartResynchronizeInitialReplication);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Fact]
    public async Task A_replica_imports_the_copy_it_waits_for()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { State = ReplicationState.WaitingToCompleteInitialReplication });
        await OperatorOf(stage).FinishAsync(
            OperatorOf(stage).ServiceAsync("ImportInitialReplica", ("InitialReplicationImportLocation", Folder)), JobType.ImportInitialReplica);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
        await Operator.RefusedAsync(
            OperatorOf(stage).ServiceAsync("ImportInitialReplica", ("InitialReplicationImportLocation", Folder)), ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("First copies")]
    [InlineData(@"E:relative")]
    [InlineData("/srv/copies")]
    public async Task A_folder_that_is_no_whole_path_is_refused(string? folder)
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready));
        await Operator.RefusedAsync(StartAsync(stage, 2, ("InitialReplicationExportLocation", folder)), ReturnCode.InvalidParameter);
        await using var replica = await OpenAsync(Stage.Machine() with { State = ReplicationState.WaitingToCompleteInitialReplication });
        await Operator.RefusedAsync(
            OperatorOf(replica).ServiceAsync("ImportInitialReplica", ("InitialReplicationImportLocation", folder)), ReturnCode.InvalidParameter);
    }

    [Theory]
    [InlineData("StartReplication", JobType.StartNetworkInitialReplication, ReplicationState.Ready, ReplicationState.WaitingToCompleteInitialReplication)]
    [InlineData("Resynchronize", JobType.Resynchronizing, ReplicationState.WaitingForStartResynchronize, ReplicationState.Resynchronizing)]
    public async Task Scheduled_work_begins_by_itself_at_its_time_and_is_in_nobodys_way_until_then(
        string method, JobType type, ReplicationState from, ReplicationState during)
    {
        await using var stage = await OpenAsync(Primary(from));
        await ScheduleAsync(stage, method, type, Stage.Began.AddHours(2));
        (await stage.StateAsync()).ShouldBe(from);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).RequestPowerAsync(2), JobType.StartVirtualMachine);
        stage.Time.SetUtcNow(Stage.Began.AddHours(2).AddSeconds(-1));
        (await stage.StateAsync()).ShouldBe(from);
        stage.Pass(2);
        (await stage.StateAsync()).ShouldBe(during);
        (await stage.Door.ListJobsAsync(OperatorOf(stage).Id, Stage.Token)).ShouldHaveSingleItem().JobType.ShouldBe(type);
        stage.Pass(600);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task A_schedule_outlives_the_process_and_the_management_service(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Primary(ReplicationState.Ready)), compactAbove,
        async stage =>
        {
            await ScheduleAsync(stage, "StartReplication", JobType.StartNetworkInitialReplication, Stage.Began.AddHours(2));
            stage.Host.RestartManagementService();
        },
        async stage =>
        {
            stage.Time.SetUtcNow(Stage.Began.AddHours(2).AddSeconds(1));
            (await stage.StateAsync()).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
        });

    [Fact]
    public async Task A_schedule_keeps_to_the_clock_however_fast_the_host_works()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Primary(ReplicationState.Ready)), new SimulationOptions { MinimumJobRetention = TimeSpan.Zero, Speed = 50 });
        (await StartAsync(stage, 1, ("StartTime", Stage.Began.AddHours(2)))).ReturnValue.ShouldBe((uint)ReturnCode.JobStarted);
        stage.Time.SetUtcNow(Stage.Began.AddHours(2).AddMilliseconds(-20));
        (await stage.StateAsync()).ShouldBe(ReplicationState.Ready);
        stage.Pass(0.04);
        (await stage.StateAsync()).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
    }

    [Fact]
    public async Task A_schedule_is_replaced_by_a_later_one_and_ends_with_what_it_was_made_for()
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready));
        await ScheduleAsync(stage, "StartReplication", JobType.StartNetworkInitialReplication, Stage.Began.AddHours(2));
        await ScheduleAsync(stage, "StartReplication", JobType.StartNetworkInitialReplication, Stage.Began.AddHours(4));
        stage.Time.SetUtcNow(Stage.Began.AddHours(3));
        (await stage.StateAsync()).ShouldBe(ReplicationState.Ready);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("RemoveReplicationRelationship"), JobType.RemoveReplicationRelationship);
        stage.Time.SetUtcNow(Stage.Began.AddHours(5));
        (await stage.StateAsync()).ShouldBe(ReplicationState.Disabled);
    }

    [Fact]
    public async Task Scheduled_work_waits_for_a_machine_that_is_busy()
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready));
        await ScheduleAsync(stage, "StartReplication", JobType.StartNetworkInitialReplication, Stage.Began.AddHours(2));
        stage.Time.SetUtcNow(Stage.Began.AddHours(2).AddSeconds(-10));
        stage.Host.StartOtherJob(stage.Host.Description.VirtualMachines[0].Id, JobType.Backup, TimeSpan.FromSeconds(30));
        stage.Pass(30);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Ready);
        stage.Pass(60);
        (await stage.StateAsync()).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
    }

    [Fact]
    public async Task Scheduled_work_whose_machine_is_never_free_is_tried_seldom_and_never_given_up()
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            var options = new SimulationOptions { StateFile = Path.Combine(folder.FullName, "state.jsonl"), MinimumJobRetention = TimeSpan.Zero };
            await using var stage = await Stage.OpenAsync(Stage.HostOf(Primary(ReplicationState.Ready)), options);
            await ScheduleAsync(stage, "StartReplication", JobType.StartNetworkInitialReplication, Stage.Began.AddHours(2));
            stage.Host.Remove(stage.Host.Description.VirtualMachines[0].Id);
            stage.Pass(30 * 24 * 3600);
            stage.Host.Receive(stage.Host.Description.VirtualMachines[0].Id);
            (await File.ReadAllLinesAsync(options.StateFile, Stage.Token)).Length.ShouldBeLessThan(1000);
            (await stage.StateAsync()).ShouldBe(ReplicationState.Ready);
            stage.Pass(3600);
            (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_time_that_is_past_is_now_and_one_too_far_ahead_is_refused()
    {
        await using var stage = await OpenAsync(Primary(ReplicationState.Ready));
        await Operator.RefusedAsync(StartAsync(stage, 1, ("StartTime", Stage.Began.AddDays(7).AddSeconds(1))), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(StartAsync(stage, 1, ("StartTime", TimeSpan.FromHours(1))), ReturnCode.InvalidParameter);
        await OperatorOf(stage).FinishAsync(StartAsync(stage, 1, ("StartTime", Stage.Began.AddDays(-1))), JobType.StartNetworkInitialReplication);
    }

    [Fact]
    public async Task A_replica_starts_and_resynchronises_its_extended_replica()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { State = ReplicationState.Replicating });
        var machine = OperatorOf(stage);
        await Operator.RefusedAsync(StartAsync(stage, 1), ReturnCode.InvalidState);
        await Operator.RefusedAsync(machine.ServiceAsync("Resynchronize"), ReturnCode.InvalidState);
        await machine.FinishAsync(
            machine.ServiceAsync("CreateReplicationRelationship", ("ReplicationSettingData", await machine.SettingsAsync())), JobType.CreateReplicationRelationship);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Ready);
        var call = await StartAsync(stage, 1);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating, "the primary relationship has its own");
        await machine.FinishAsync(Task.FromResult(call), JobType.StartNetworkInitialReplication);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Replicating);
        await machine.FinishAsync(machine.ServiceAsync("Resynchronize"), JobType.ResynchronizingExtended);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Replicating);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task The_extended_relationships_state_outlives_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating, Extended = true }), compactAbove,
        async stage => await OperatorOf(stage).FinishAsync(RequestAsync(stage, 7), JobType.ReplicationStateChange),
        async stage => (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Suspended));

    [Fact]
    public async Task The_extended_relationship_is_suspended_resumed_and_prepared_by_itself()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { State = ReplicationState.Replicating, Extended = true });
        var machine = OperatorOf(stage);
        await Operator.RefusedAsync(RequestAsync(stage, 3), ReturnCode.InvalidState);
        await Operator.RefusedAsync(RequestAsync(stage, 2), ReturnCode.InvalidState);
        await Operator.RefusedAsync(RequestAsync(stage, 5), ReturnCode.InvalidParameter);
        await machine.FinishAsync(RequestAsync(stage, 7), JobType.ReplicationStateChange);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Suspended);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
        await machine.FinishAsync(RequestAsync(stage, 3), JobType.ReplicationStateChange);
        await machine.FinishAsync(RequestAsync(stage, 4), JobType.InitiateSyncedReplication);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.SyncedReplicationComplete);
        await using var plain = await OpenAsync(Stage.Machine() with { State = ReplicationState.Replicating });
        await Operator.RefusedAsync(RequestAsync(plain, 7), ReturnCode.InvalidState);
    }

    [Fact]
    public async Task A_cancelled_first_copy_of_an_extended_replica_is_ready_again()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { State = ReplicationState.Replicating, Extended = true });
        var job = (CimObjectPath)(await OperatorOf(stage).ServiceAsync("Resynchronize")).Outputs["Job"]!;
        stage.Pass(10);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Resynchronizing);
        (await stage.Door.RequestJobTerminationAsync(job, Stage.Token)).IsAccepted.ShouldBeTrue();
        stage.Pass(2);
        (await ExtendedAsync(stage)).ShouldBe(ReplicationState.Replicating);
    }

    private static SimulatedVirtualMachineDescription Primary(ReplicationState state) => Stage.Machine() with { Mode = ReplicationMode.Primary, State = state };

    private static Task<Stage> OpenAsync(SimulatedVirtualMachineDescription machine) => Stage.OpenAsync(Stage.HostOf(machine));

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<CimMethodResult> StartAsync(Stage stage, ushort type, params (string Name, object? Value)[] inputs)
        => OperatorOf(stage).ServiceAsync("StartReplication", [("InitialReplicationType", type), .. inputs]);

    // The job that takes the order is of the work's kind too.
    private static async Task ScheduleAsync(Stage stage, string method, JobType type, DateTimeOffset at)
    {
        await OperatorOf(stage).FinishAsync(
            method == "StartReplication" ? StartAsync(stage, 1, ("StartTime", at)) : OperatorOf(stage).ServiceAsync(method, ("StartTime", at)), type);
        stage.Pass(300);
    }

    private static Task<CimMethodResult> RequestAsync(Stage stage, ushort state) => OperatorOf(stage).MachineAsync(
        "RequestReplicationStateChangeEx", ("RequestedState", state),
        ("ReplicationRelationship", ServerSubject.Text("Msvm_ReplicationRelationship", ("InstanceID", $@"Microsoft:{OperatorOf(stage).Id}\HVR\1"))));

    private static async Task<ReplicationState> ExtendedAsync(Stage stage) => (await OperatorOf(stage).SeeAsync()).ExtendedRelationship.ShouldNotBeNull().State;
}
