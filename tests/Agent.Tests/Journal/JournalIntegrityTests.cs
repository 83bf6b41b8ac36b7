using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Journal;

/// <summary>Fault 17: a journal that is torn, cut off, flipped, mixed up or gone is found at the start, set aside, and what is whole is taken over.</summary>
public sealed partial class JournalIntegrityTests : IAsyncLifetime
{
    private const int Flips = 24;
    private const int Cuts = 10;

    private static readonly OperationState[] States =
    [
        OperationState.Queued, OperationState.Starting, OperationState.Running, OperationState.Succeeded, OperationState.Failed, OperationState.UnknownOutcome,
    ];

    private readonly TemporaryDirectory _whole = new();
    private readonly List<OperationSnapshot> _operations = [];
    private IReadOnlyList<CampaignClaim> _claims = [];

    // A journal of which one part is in the database and one in its log, as a killed agent leaves it.
    public async ValueTask InitializeAsync()
    {
        using var life = new TemporaryDirectory();
        await using (var journal = Recorded.Open(life.Path))
        {
            await RecordAsync(journal, 0);
        }

        await using (var journal = Recorded.Open(life.Path))
        {
            await RecordAsync(journal, 30);
            _claims = [.. await journal.ReadClaimsAsync(default)];
            Copy(life.Path, _whole.Path);
        }
    }

    public ValueTask DisposeAsync()
    {
        _whole.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Journal_that_a_killed_agent_left_is_whole()
    {
        await using var journal = Recorded.Open(_whole.Path);

        journal.Damages.ShouldBeEmpty();
        await ShouldBeAllAsync(journal);
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("journal.db-wal")]
    [InlineData("journal.mark")]
    public async Task One_flipped_bit_is_found_or_changes_nothing(string file)
    {
        for (var seed = 0; seed < Flips; seed++)
        {
            var random = new Random(seed);
            await DamagedAsync($"{file}, seed {seed}", directory => Change(Path.Combine(directory, file), bytes =>
            {
                // The first page says what the file is: it gets a quarter of the flips.
                var at = random.Next(seed % 4 == 0 ? Math.Min(bytes.Length, 1024) : bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            }));
        }
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("journal.db-wal")]
    [InlineData("journal.mark")]
    public async Task File_that_was_cut_off_is_found_or_lacks_nothing(string file)
    {
        for (var seed = 0; seed < Cuts; seed++)
        {
            var random = new Random(seed);
            await DamagedAsync($"{file}, seed {seed}", directory => Change(Path.Combine(directory, file), bytes => bytes[..(seed == 0 ? 0 : random.Next(bytes.Length))]));
        }
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("journal.db-wal")]
    [InlineData("journal.mark")]
    public async Task File_that_is_gone_is_found(string file)
        => (await DamagedAsync(file, directory => File.Delete(Path.Combine(directory, file)))).ShouldNotBeNull().OperationsMissing.ShouldBeTrue();

    [Fact]
    public async Task Something_that_is_no_journal_is_set_aside()
        => (await DamagedAsync("no journal", directory => File.WriteAllText(Path.Combine(directory, "journal.db"), new string('x', 8192))))
            .ShouldNotBeNull().OperationsMissing.ShouldBeTrue();

    [Fact]
    public async Task Damage_that_cost_no_operation_says_so_and_takes_everything_over()
    {
        var damage = await DamagedAsync("index", directory =>
        {
            Checkpoint(directory);
            var page = PageOf(directory, "operations_by_end");
            Change(Path.Combine(directory, "journal.db"), bytes =>
            {
                Array.Fill(bytes, (byte)0x5A, (page - 1) * 4096, 4096);
                return bytes;
            });
        });

        damage.ShouldNotBeNull().OperationsMissing.ShouldBeFalse();
    }

    [Fact]
    public async Task Older_copy_is_found_and_what_was_queued_in_it_says_that_it_may_have_been_called()
    {
        using var later = new TemporaryDirectory();
        var queued = _operations.First(operation => operation.State == OperationState.Queued);
        Copy(_whole.Path, later.Path);
        await using (var journal = Recorded.Open(later.Path))
        {
            await journal.AppendAsync(
                queued,
                Recorded.Next(queued, OperationEventKind.Starting, OperationState.Starting),
                new OperationChange { Intent = new IntentEvidence(Recorded.Now, 5, []) });
        }

        // Somebody puts the copy of before back. The mark is of after.
        Copy(_whole.Path, later.Path, "journal.db", "journal.db-wal");
        await using var restored = Recorded.Open(later.Path);

        var damage = restored.Damages.ShouldHaveSingleItem();
        damage.OperationsMissing.ShouldBeTrue();
        damage.Explanation.ShouldContain("its last 1 of");
        var operation = (await restored.FindAsync(queued.Facts.OperationId, default)).ShouldNotBeNull();
        operation.State.ShouldBe(OperationState.Queued);
        operation.Last.MayHaveBeenCalled.ShouldBeTrue();
        operation.Last.Kind.ShouldBe(OperationEventKind.Reattached);
        // The sequence that was lost is not used again.
        operation.Sequence.ShouldBe(queued.Sequence + 2);
        operation.Intent.ShouldNotBeNull().Time.ShouldBe(Recorded.Now);
    }

    [Fact]
    public async Task Damage_stays_known_and_a_second_one_is_set_aside_beside_the_first()
    {
        using var directory = new TemporaryDirectory();
        Copy(_whole.Path, directory.Path);
        var clock = new FakeTimeProvider(Recorded.Now);
        for (var i = 1; i <= 2; i++)
        {
            File.Delete(directory.Combine("journal.db"));
            await using var journal = OperationJournal.Open(directory.Path, clock, NullLogger.Instance);
            journal.Damages.Count.ShouldBe(1, "a journal that is gone takes what it knew along");
        }

        Directory.GetFiles(directory.Path, "journal-damaged-20261122T030000Z*.mark").Length.ShouldBe(2);
        await using (var journal = OperationJournal.Open(directory.Path, clock, NullLogger.Instance))
        {
            journal.Damages.ShouldHaveSingleItem().FindTime.ShouldBe(Recorded.Now);
        }

        Change(directory.Combine("journal.mark"), bytes => new byte[bytes.Length]);
        await using (var journal = OperationJournal.Open(directory.Path, clock, NullLogger.Instance))
        {
            journal.Damages.Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Recovery_that_was_cut_off_is_finished_at_the_next_start()
    {
        using var directory = new TemporaryDirectory();
        Copy(_whole.Path, directory.Path);
        Change(directory.Combine("journal.mark"), bytes => new byte[bytes.Length]);
        await using (Recorded.Open(directory.Path))
        {
        }

        // As if the agent had died before the last of the moves, and had been making another database when it did.
        var aside = Directory.GetFiles(directory.Path, "journal-damaged-*.db").ShouldHaveSingleItem();
        var stamp = Path.GetFileNameWithoutExtension(aside)["journal-damaged-".Length..];
        File.Move(directory.Combine("journal.db"), directory.Combine($"journal-recovered-{stamp}.db"));
        File.Delete(directory.Combine("journal.mark"));
        File.WriteAllText(directory.Combine("journal.new"), "half made");

        await using var journal = Recorded.Open(directory.Path);

        journal.Damages.ShouldHaveSingleItem().SetAside.ShouldBe(Path.GetFileName(aside));
        (await journal.ListAsync(new OperationQuery(1000), default)).Count.ShouldBe(_operations.Count);
        File.Exists(directory.Combine("journal.new")).ShouldBeFalse();
    }

    [Fact]
    public async Task Recovered_journal_goes_on()
    {
        using var directory = new TemporaryDirectory();
        Copy(_whole.Path, directory.Path);
        File.Delete(directory.Combine("journal.mark"));
        var id = Guid.NewGuid();
        await using (var journal = Recorded.Open(directory.Path))
        {
            await journal.RecordAsync(Recorded.Facts(id), OperationState.Running);
        }

        await using var again = Recorded.Open(directory.Path);

        again.Damages.ShouldHaveSingleItem();
        (await again.FindAsync(id, default)).ShouldNotBeNull().State.ShouldBe(OperationState.Running);
    }
}
