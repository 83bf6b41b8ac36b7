using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Store.States;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>What every store of returns, drills and proofs does.</summary>
public abstract class StateStoreContract : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 1, 2, TimeSpan.Zero);

    private protected IStateStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Newest_state_is_read_as_it_was_written_also_after_the_store_was_opened_again()
    {
        var first = States.New(StateFamily.Returns, text: "state \u0007 – ä \"1\"");
        var drill = States.New(StateFamily.Drills);
        await Store.WriteAsync(first);
        await Store.WriteAsync(first with { Version = 2, State = "second" });
        await Store.WriteAsync(drill);
        await Store.DisposeAsync();
        Store = await OpenAsync();

        (await Store.FindAsync(StateFamily.Returns, first.Uid, default)).ShouldBe("second");
        (await Store.FindAsync(StateFamily.Drills, drill.Uid, default)).ShouldBe(drill.State);
        (await Store.FindAsync(StateFamily.Drills, first.Uid, default)).ShouldBeNull();
        (await Store.LoadLiveAsync(StateFamily.Returns, default)).ShouldBe(["second"]);
        await Store.WriteAsync(first with { Version = 3, State = "third", HasEnded = true });
        (await Store.LoadLiveAsync(StateFamily.Returns, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_comes_back_to_the_last_character()
    {
        var write = States.New(StateFamily.Returns, text: "{\"a\": \"\\u0000 – ä 𝄞\",  \"b\":1.0 }");
        await Store.WriteAsync(write);

        (await Store.FindAsync(StateFamily.Returns, write.Uid, default)).ShouldBe(write.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Write_by_one_who_does_not_have_the_newest_state_is_refused_as_a_conflict_and_changes_nothing(int version)
    {
        var write = States.New(StateFamily.Drills);
        await Store.WriteAsync(write);
        await Store.WriteAsync(write with { Version = 2, State = "second" });

        var conflict = await Should.ThrowAsync<StateConflictException>(() => Store.WriteAsync(write with { Version = version, State = "late", Proof = States.Proof(write.Machine, passed: true, 1) }));

        conflict.Message.ShouldBe($"{write.Uid:D} of drills is at version 2 in the store, not at {version - 1}: another process has written it.");
        (await Store.FindAsync(StateFamily.Drills, write.Uid, default)).ShouldBe("second");
        (await Store.ReadAuditAsync(StateFamily.Drills, write.Uid, default).CountAsync()).ShouldBe(2);
        (await Store.FindProofsAsync(write.Machine, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task State_that_was_never_begun_cannot_be_changed()
        => await Should.ThrowAsync<StateConflictException>(() => Store.WriteAsync(States.New(StateFamily.Returns) with { Version = 2 }));

    [Fact]
    public async Task Of_one_machine_only_one_has_not_ended_and_families_do_not_count_together()
    {
        var write = States.New(StateFamily.Returns);
        await Store.WriteAsync(write);
        await Store.WriteAsync(States.New(StateFamily.Drills, write.Machine));

        await Should.ThrowAsync<StoreUnavailableException>(() => Store.WriteAsync(States.New(StateFamily.Returns, write.Machine)));
        await Store.WriteAsync(write with { Version = 2, State = "ended", HasEnded = true });
        await Store.WriteAsync(States.New(StateFamily.Returns, write.Machine));
    }

    [Fact]
    public async Task Write_that_is_refused_spoils_no_other_that_is_written_at_the_same_time()
    {
        var taken = States.New(StateFamily.Returns);
        await Store.WriteAsync(taken);
        var writes = Enumerable.Range(0, 40).Select(number => number % 4 == 0 ? States.New(StateFamily.Returns, taken.Machine) : States.New(StateFamily.Returns)).ToList();

        var results = await Task.WhenAll(writes.Select(async write =>
        {
            try
            {
                await Store.WriteAsync(write);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }));

        results.Count(result => !result).ShouldBe(10);
        (await Store.LoadLiveAsync(StateFamily.Returns, default)).Count.ShouldBe(31);
    }

    [Fact]
    public async Task Newest_of_machines_is_found()
    {
        var old = States.New(StateFamily.Returns) with { HasEnded = true };
        var newer = States.New(StateFamily.Returns, old.Machine) with { CreateTicks = old.CreateTicks + 1 };
        var other = States.New(StateFamily.Returns);
        foreach (var write in (StateWrite[])[newer, old, other])
        {
            await Store.WriteAsync(write);
        }

        (await Store.FindNewestAsync(StateFamily.Returns, [old.Machine], default)).ShouldBe([newer.State]);
        (await Store.FindNewestAsync(StateFamily.Returns, [old.Machine, other.Machine, .. Enumerable.Range(0, 1200).Select(_ => Guid.NewGuid())], default))
            .ShouldBe([newer.State, other.State], ignoreOrder: true);
        (await Store.FindNewestAsync(StateFamily.Returns, [], default)).ShouldBeEmpty();
        (await Store.FindNewestAsync(StateFamily.Drills, [old.Machine], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_list_all_newest_first_also_those_of_one_moment()
    {
        var writes = Enumerable.Range(0, 9).Select(number => States.New(StateFamily.Drills) with { CreateTicks = Noon.UtcTicks + (number / 3), HasEnded = number % 2 == 0 }).ToList();
        await Task.WhenAll(writes.Select(Store.WriteAsync));
        var expected = writes.OrderByDescending(write => write.CreateTicks).ThenByDescending(write => write.Uid.ToString("D"), StringComparer.Ordinal).ToList();

        foreach (var liveOnly in (bool[])[false, true])
        {
            var wanted = expected.Where(write => !liveOnly || !write.HasEnded).ToList();
            var listed = new List<string>();
            (long, Guid)? after = null;
            while (await Store.ListAsync(StateFamily.Drills, 2, after, liveOnly, default) is { Count: > 0 } page)
            {
                listed.AddRange(page);
                var last = writes.Single(write => write.State == page[^1]);
                after = (last.CreateTicks, last.Uid);
            }

            listed.ShouldBe(wanted.Select(write => write.State));
        }
    }

    [Fact]
    public async Task Audit_of_each_is_one_chain()
    {
        var write = States.New(StateFamily.Returns);
        await Store.WriteAsync(write with { Audit = [States.Entry("one"), States.Entry("two")] });
        await Store.WriteAsync(write with { Version = 2, State = "2", Audit = [] });
        await Store.WriteAsync(write with { Version = 3, State = "3", Audit = [States.Entry("three")] });
        await Store.WriteAsync(States.New(StateFamily.Returns) with { Audit = [States.Entry("other")] });

        (await States.VerifyAsync(Store, StateFamily.Returns, write.Uid)).ShouldBe(["one", "two", "three"]);
        (await Store.ReadAuditAsync(StateFamily.Drills, write.Uid, default).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Newest_proof_of_each_verdict_is_kept_whatever_the_order()
    {
        var machine = Guid.NewGuid();
        foreach (var (passed, ticks) in ((bool, int)[])[(true, 5), (false, 7), (true, 3), (true, 5), (false, 6)])
        {
            await Store.WriteAsync(States.New(StateFamily.Drills, machine) with { HasEnded = true, Proof = States.Proof(machine, passed, ticks) });
        }

        (await Store.FindProofsAsync(machine, default)).ShouldBe(["proof True 5", "proof False 7"], ignoreOrder: true);
        (await Store.ListProofDatesAsync(default)).OrderBy(date => date.Passed).ShouldBe([new ProofDate($"{machine:D}", 0, 7, null), new ProofDate($"{machine:D}", 1, 5, 105)]);
    }

    private protected abstract Task<IStateStore> OpenAsync();

    private protected abstract Task CleanAsync();
}

/// <summary>States for tests of stores.</summary>
internal static class States
{
    public static StateWrite New(StateFamily family, Guid? machine = null, string? text = null)
    {
        var uid = Guid.NewGuid();
        return new StateWrite(family, uid, machine ?? Guid.NewGuid(), 1, HasEnded: false, new DateTimeOffset(2026, 11, 21, 12, 0, 0, 1, 2, TimeSpan.Zero).UtcTicks, text ?? $"first of {uid}", [Entry("begun")], null);
    }

    public static AuditEntry Entry(string action) => new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, 1, 2, TimeSpan.Zero), "CN=ann", "127.0.0.1", action, "returns/one", "OK", "{}");

    public static ProofWrite Proof(Guid machine, bool passed, long ticks) => new(machine, passed, ticks, passed ? ticks + 100 : null, $"proof {passed} {ticks}");

    /// <summary>Follows the chain of one, and gives the actions.</summary>
    public static async Task<IReadOnlyList<string>> VerifyAsync(IStateStore store, StateFamily family, Guid uid)
    {
        var actions = new List<string>();
        AuditRecord? previous = null;
        await foreach (var record in store.ReadAuditAsync(family, uid, default))
        {
            AuditChain.Follows(record, previous).ShouldBeTrue();
            previous = record;
            actions.Add(record.Entry.Action);
        }

        return actions;
    }
}

public sealed class SqliteStateStoreTests : StateStoreContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("states-");

    private protected override Task<IStateStore> OpenAsync()
        => Task.FromResult<IStateStore>(SqliteStateStore.Open(Path.Combine(_directory.FullName, "returns.db"), NullLogger<SqliteStateStore>.Instance));

    private protected override Task CleanAsync()
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
