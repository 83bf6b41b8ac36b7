using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support;
using HostAgent.Agent.Tests.Support.Processes;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation;
using HostAgent.Tests.Shared;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>
/// Fault 17 with a real process whose journal's flushes fail (fsync, EIO): what may not be on the disk is not accepted, and nothing is asked of the
/// host. What was refused for it stays refused, whenever the process dies.
/// </summary>
public sealed class FailedFlushTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly KillStage _stage = new([OperationCheckpoint.BeforeIntent], machines: 3);
    private readonly Guid _operation = Guid.NewGuid();

    private Guid Machine { get; } = Stage.Id(1);

    private int Initiations => SimulatedHost.ReadInitiations(_stage.Hosts.Single().StateFile).For(Machine);

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Request_is_refused_starts_nothing_and_may_come_again()
    {
        var disk = await MakeDiskAsync();
        await _stage.LiveAsync(disk, async client =>
        {
            await WarmUpAsync(client);
            disk.Fail();

            var refused = (await client.InitiateAsync(Calls.Request(_operation, Machine))).Failure.ShouldNotBeNull();

            (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.Unavailable, "JOURNAL_UNWRITABLE"));
            disk.HasRefused.ShouldBeTrue();
            Initiations.ShouldBe(0);
            disk.Mend();
            (await client.InitiateAsync(Calls.Request(_operation, Machine))).Last.State.ShouldBe(OperationState.Succeeded);
        });
        Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Request_that_was_refused_stays_refused_although_the_process_dies_at_once()
    {
        var disk = await MakeDiskAsync();
        await _stage.LiveAsync(disk, async client =>
        {
            await WarmUpAsync(client);
            disk.Fail();
            (await client.InitiateAsync(Calls.Request(_operation, Machine))).Failure.ShouldNotBeNull().Reason.ShouldBe("JOURNAL_UNWRITABLE");
        });
        disk.Mend();

        await _stage.LiveAsync(disk, async client =>
        {
            var known = await client.ListFailbacksAsync(new ListFailbacksRequest());
            known.Operations.ShouldHaveSingleItem().OperationId.ShouldNotBe(_operation.ToString());
            (await client.GetHostAsync(new GetHostRequest())).JournalDamage.ShouldBeNull();
        });
        Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Host_is_not_asked_before_the_intent_is_flushed()
    {
        var disk = await MakeDiskAsync();
        await _stage.LiveAsync(disk, async client =>
        {
            await WarmUpAsync(client);
            // The acceptance is flushed, the intent is not.
            disk.Fail(afterFlushes: 1);
            var running = client.InitiateAsync(Calls.Request(_operation, Machine));
            while (!disk.HasRefused)
            {
                await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
                running.IsCompleted.ShouldBeFalse();
            }

            (await client.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() })).State.ShouldBe(OperationState.Queued);
            Initiations.ShouldBe(0);
            disk.Mend();
            (await running).Last.State.ShouldBe(OperationState.Succeeded);
        });
        Initiations.ShouldBe(1);
    }

    private async Task<FailingFlush> MakeDiskAsync()
    {
        Assert.SkipWhen(FailingFlush.Missing is not null, FailingFlush.Missing ?? string.Empty);
        return await FailingFlush.MakeAsync(_directory.Path, "journal.db-wal");
    }

    // What the agent writes by itself when it has started is written by then.
    private static async Task WarmUpAsync(Contracts.Failback.V1.Failback.FailbackClient client)
        => (await client.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(0)))).Last.State.ShouldBe(OperationState.Succeeded);
}
