using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using Microsoft.Data.Sqlite;
using static HostAgent.Agent.Tests.Support.Recorded;

namespace HostAgent.Agent.Tests.Journal;

public sealed class OperationJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_after_close_finds_the_operation_with_everything_that_was_recorded()
    {
        var id = Guid.NewGuid();
        OperationSnapshot before;
        await using (var journal = Open())
        {
            var accepted = await journal.AcceptAsync(Facts(id, campaignEpoch: 7), Accepted());
            var intent = new IntentEvidence(Now, 5, ["JOB-1"]);
            var starting = await journal.AppendAsync(accepted, Next(accepted, OperationEventKind.Starting, OperationState.Starting), new OperationChange { Intent = intent, StartTime = Now, RecoveryPointIdentifier = "Microsoft:P" });
            before = await journal.AppendAsync(starting, Next(starting, OperationEventKind.Started, OperationState.Running) with { Job = new JobSnapshot { Path = "Msvm_ConcreteJob.InstanceID=\"J\"", ClassName = "Msvm_ConcreteJob", State = 4, PercentComplete = 12 } }, new OperationChange { ReturnCode = 4096, JobPath = "Msvm_ConcreteJob.InstanceID=\"J\"" });
        }

        await using var reopened = Open();
        var after = (await reopened.FindAsync(id, default)).ShouldNotBeNull();
        after.State.ShouldBe(OperationState.Running);
        after.Sequence.ShouldBe(3);
        after.Intent.ShouldNotBeNull().ShouldSatisfyAllConditions(
            intent => intent.Time.ShouldBe(Now), intent => intent.ReplicationState.ShouldBe(5), intent => intent.JobIds.ShouldBe(["JOB-1"]));
        after.ReturnCode.ShouldBe(4096u);
        after.JobPath.ShouldBe(before.JobPath);
        after.RecoveryPointIdentifier.ShouldBe("Microsoft:P");
        after.StartTime.ShouldBe(Now);
        after.EndTime.ShouldBeNull();
        after.Last.Job.ShouldNotBeNull().PercentComplete.ShouldBe(12);
        after.Facts.Campaign.ShouldBe(before.Facts.Campaign);
        after.Facts.Request.ToArray().ShouldBe(before.Facts.Request.ToArray());
        after.Facts.RequestHash.ToArray().ShouldBe(before.Facts.RequestHash.ToArray());
        (await reopened.ReadClaimsAsync(default)).Select(claim => claim.Epoch).ShouldBe([7L]);
    }

    [Fact]
    public async Task Append_is_on_the_disk_when_it_returns()
    {
        var id = Guid.NewGuid();
        await using var journal = Open();
        var accepted = await journal.AcceptAsync(Facts(id), Accepted());
        await journal.AppendAsync(accepted, Next(accepted, OperationEventKind.Starting, OperationState.Starting), new OperationChange { Intent = new IntentEvidence(Now, 5, []) });

        // What a machine that lost its power at this moment would find.
        using var crashed = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(_directory.Path, "journal*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, crashed.Combine(Path.GetFileName(file)));
        }

        await using var found = Recorded.Open(crashed.Path);
        found.Damages.ShouldBeEmpty();
        var operation = (await found.FindAsync(id, default)).ShouldNotBeNull();
        operation.State.ShouldBe(OperationState.Starting);
        operation.Intent.ShouldNotBeNull();
        (await found.ReadEventsAsync(operation.Ordinal, 0, 10, default)).Select(recorded => recorded.Sequence).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Append_with_a_gap_in_the_sequence_is_refused_and_stores_nothing()
    {
        await using var journal = Open();
        var accepted = await journal.AcceptAsync(Facts(Guid.NewGuid()), Accepted());
        var gap = Next(accepted, OperationEventKind.Starting, OperationState.Starting) with { Sequence = 3 };

        var refusal = await Should.ThrowAsync<JournalException>(() => journal.AppendAsync(accepted, gap, OperationChange.Nothing));

        refusal.Message.ShouldContain("not at sequence 2");
        (await journal.ReadEventsAsync(accepted.Ordinal, 0, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Append_that_is_refused_does_not_take_its_neighbours_down()
    {
        await using var journal = Open();
        var operations = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => journal.AcceptAsync(Facts(Guid.NewGuid()), Accepted())));

        // Every seventh write is wrong; all are written at the same time, so that they share commits.
        var writes = operations.Select((operation, i) => journal.AppendAsync(
            operation, Next(operation, OperationEventKind.Starting, OperationState.Starting) with { Sequence = i % 7 == 0 ? 9 : 2 }, OperationChange.Nothing)).ToList();
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));

        for (var i = 0; i < writes.Count; i++)
        {
            writes[i].IsFaulted.ShouldBe(i % 7 == 0);
            (await journal.FindAsync(operations[i].Facts.OperationId, default))!.Sequence.ShouldBe(i % 7 == 0 ? 1 : 2);
        }
    }

    [Fact]
    public async Task Accept_of_an_id_that_is_known_is_refused()
    {
        var id = Guid.NewGuid();
        await using var journal = Open();
        await journal.AcceptAsync(Facts(id), Accepted());

        await Should.ThrowAsync<JournalException>(() => journal.AcceptAsync(Facts(id), Accepted()));
    }

    [Fact]
    public async Task List_pages_newest_first_and_filters()
    {
        await using var journal = Open();
        var operations = new List<OperationSnapshot>();
        for (var i = 0; i < 5; i++)
        {
            operations.Add(await journal.AcceptAsync(Facts(Guid.NewGuid(), machine: Stage.Id(i % 2)), Accepted()));
        }

        var ended = await journal.AppendAsync(operations[4], Next(operations[4], OperationEventKind.Concluded, OperationState.Succeeded), OperationChange.Nothing);
        ended.EndTime.ShouldNotBeNull();

        (await Ordinals(new OperationQuery(2))).ShouldBe([operations[4].Ordinal, operations[3].Ordinal]);
        (await Ordinals(new OperationQuery(2, BeforeOrdinal: operations[3].Ordinal))).ShouldBe([operations[2].Ordinal, operations[1].Ordinal]);
        (await Ordinals(new OperationQuery(10, VirtualMachineId: Stage.Id(1).ToString().ToUpperInvariant()))).ShouldBe([operations[3].Ordinal, operations[1].Ordinal]);
        (await Ordinals(new OperationQuery(10, LiveOnly: true))).ShouldNotContain(operations[4].Ordinal);
        (await Ordinals(new OperationQuery(10, CampaignId: Guid.NewGuid()))).ShouldBeEmpty();

        async Task<IEnumerable<long>> Ordinals(OperationQuery query) => (await journal.ListAsync(query, default)).Select(operation => operation.Ordinal);
    }

    [Fact]
    public async Task Epoch_only_ever_rises()
    {
        var campaign = Guid.NewGuid();
        await using var journal = Open();
        await journal.ClaimAsync(new CampaignClaim(campaign, 5, "failback://coordinator/c1", "i5"));
        await journal.ClaimAsync(new CampaignClaim(campaign, 3, "failback://coordinator/c1", "i3"));

        (await journal.ReadClaimsAsync(default)).ShouldBe([new CampaignClaim(campaign, 5, "failback://coordinator/c1", "i3")]);
    }

    [Fact]
    public async Task Forget_removes_finished_operations_with_their_events_and_never_a_live_one()
    {
        await using var journal = Open();
        var live = await journal.AcceptAsync(Facts(Guid.NewGuid()), Accepted());
        var ended = await journal.AcceptAsync(Facts(Guid.NewGuid()), Accepted());
        await journal.AppendAsync(ended, Next(ended, OperationEventKind.Concluded, OperationState.Failed), OperationChange.Nothing);

        (await journal.ForgetEndedBeforeAsync(Now.AddDays(-1), 10)).ShouldBe(0);
        (await journal.ForgetEndedBeforeAsync(Now.AddDays(365), 10)).ShouldBe(1);

        (await journal.FindAsync(ended.Facts.OperationId, default)).ShouldBeNull();
        (await journal.ReadEventsAsync(ended.Ordinal, 0, 10, default)).ShouldBeEmpty();
        (await journal.FindAsync(live.Facts.OperationId, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Open_of_a_journal_that_another_agent_has_is_refused_in_one_line()
    {
        await using var journal = Open();

        var refusal = Should.Throw<StartException>(() => Open());

        refusal.Message.ShouldContain(_directory.Path);
        refusal.Message.ShouldContain("Another agent");
        refusal.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Open_of_a_journal_of_a_newer_version_is_refused()
    {
        await using (Open())
        {
        }

        // The way a newer version would write it.
        await using (var connection = new SqliteConnection($"Data Source={_directory.Combine("journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999; DROP TABLE ledger";
            await command.ExecuteNonQueryAsync();
        }

        Should.Throw<JournalException>(() => Open()).Message.ShouldContain("schema 999");
    }

    private OperationJournal Open() => Recorded.Open(_directory.Path);
}
