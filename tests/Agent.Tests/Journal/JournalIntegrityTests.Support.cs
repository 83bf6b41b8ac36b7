using System.Collections.Immutable;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Tests.Journal;

/// <content>Makes journals, damages them and compares what was recovered.</content>
public sealed partial class JournalIntegrityTests
{
    private async Task RecordAsync(OperationJournal journal, int from)
    {
        for (var i = from; i < from + 30; i++)
        {
            var facts = Recorded.Facts(Stage.Id(1000 + i), Stage.Id(i), campaignEpoch: 1 + (i % 5), campaign: Stage.Id(500 + (i % 3)));
            _operations.Add(await journal.RecordAsync(facts, States[i % States.Length]));
        }
    }

    // Opens a damaged copy, and checks what holds for every damage: nothing is changed silently, and nothing that may have been started looks as if it had not.
    private async Task<JournalDamage?> DamagedAsync(string what, Action<string> harm)
    {
        using var directory = new TemporaryDirectory();
        Copy(_whole.Path, directory.Path);
        harm(directory.Path);
        var harmed = Directory.GetFiles(directory.Path).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

        await using var journal = Recorded.Open(directory.Path);

        if (journal.Damages.Count == 0)
        {
            await ShouldBeAllAsync(journal);
            return null;
        }

        var damage = journal.Damages.ShouldHaveSingleItem(what);
        damage.Explanation.ShouldNotBeEmpty(what);
        foreach (var (name, bytes) in harmed)
        {
            var aside = name == "journal.mark" ? Path.ChangeExtension(damage.SetAside, ".mark") : name.Replace("journal.db", damage.SetAside, StringComparison.Ordinal);
            File.ReadAllBytes(directory.Combine(aside)).ShouldBe(bytes, $"{what}: {aside} is not what was found");
        }

        foreach (var original in _operations)
        {
            if (await journal.FindAsync(original.Facts.OperationId, default) is { } found)
            {
                ShouldFollow(found, original, $"{what}: {original.State} became {found.State}, {damage.Explanation}");
            }
            else
            {
                damage.OperationsMissing.ShouldBeTrue(what);
            }
        }

        return damage;
    }

    private static void ShouldFollow(OperationSnapshot found, OperationSnapshot original, string what)
    {
        found.Facts.RequestHash.ToArray().ShouldBe(original.Facts.RequestHash.ToArray(), what);
        if (found.State.IsTerminal())
        {
            found.State.ShouldBe(original.State, what);
        }
        else if (found.State == OperationState.Queued && !found.Last.MayHaveBeenCalled)
        {
            original.State.ShouldBe(OperationState.Queued, what);
        }
        else if (found.State == OperationState.Starting || found.Last.MayHaveBeenCalled)
        {
            found.Intent.ShouldNotBeNull(what);
        }

        if (!original.State.IsTerminal())
        {
            found.Sequence.ShouldBeGreaterThanOrEqualTo(original.Sequence, what);
        }
    }

    private async Task ShouldBeAllAsync(OperationJournal journal)
    {
        foreach (var original in _operations)
        {
            var found = (await journal.FindAsync(original.Facts.OperationId, default)).ShouldNotBeNull();
            (found.State, found.Sequence, found.JobPath, found.ReturnCode).ShouldBe((original.State, original.Sequence, original.JobPath, original.ReturnCode));
            (await journal.ReadEventsAsync(found.Ordinal, 0, 100, default)).Count.ShouldBe((int)original.Sequence);
        }

        (await journal.ReadClaimsAsync(default)).ShouldBe(_claims, ignoreOrder: true);
    }

    private static void Copy(string from, string to, params string[] names)
    {
        foreach (var file in Directory.GetFiles(from, "journal*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            if (names.Length == 0 || names.Contains(Path.GetFileName(file)))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    private static void Checkpoint(string directory)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    private static int PageOf(string directory, string index)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT rootpage FROM sqlite_master WHERE name = $name";
        command.Parameters.AddWithValue("$name", index);
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
