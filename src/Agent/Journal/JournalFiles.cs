using System.Globalization;

namespace HostAgent.Agent.Journal;

/// <summary>The files of a journal in its directory.</summary>
internal sealed class JournalFiles(string directory)
{
    /// <summary>What the lock of the directory is named after.</summary>
    public const string LockOwner = "agent";

    private const string RecoveredPrefix = "journal-recovered-";

    // The files of a database. SQLite rebuilds the shared memory from the WAL, but it is moved along.
    private static readonly string[] Companions = ["", "-wal", "-shm"];

    public string Database => Path.Combine(directory, "journal.db");

    /// <summary>The number of its last commit.</summary>
    public string Mark => Path.Combine(directory, "journal.mark");

    /// <summary>A database that is being made, and is worth nothing before it is finished.</summary>
    public string Unfinished => Path.Combine(directory, "journal.new");

    /// <summary>Whether there is, or ever was, a journal here.</summary>
    public bool AnyExists => File.Exists(Database) || File.Exists(Mark);

    /// <summary>An unused stamp for a quarantined journal.</summary>
    public string StampFor(DateTimeOffset time)
    {
        var stamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var free = stamp;
        for (var i = 2; File.Exists(SetAside(free)) || File.Exists(Path.ChangeExtension(SetAside(free), ".mark")); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{stamp}-{i}");
        }

        return free;
    }

    /// <summary>The path of a quarantined database.</summary>
    public string SetAside(string stamp) => Path.Combine(directory, $"journal-damaged-{stamp}.db");

    /// <summary>A finished database that takes the place of the damaged one.</summary>
    public string Recovered(string stamp) => Path.Combine(directory, $"{RecoveredPrefix}{stamp}.db");

    /// <summary>The stamp of a recovery that was finished and not put in place yet; null when there is none.</summary>
    public string? FindRecovered()
        => Directory.EnumerateFiles(directory, $"{RecoveredPrefix}*.db").Select(file => Path.GetFileNameWithoutExtension(file)[RecoveredPrefix.Length..]).FirstOrDefault();

    /// <summary>Removes a database that was never finished.</summary>
    public void DeleteUnfinished()
    {
        foreach (var companion in Companions)
        {
            File.Delete(Unfinished + companion);
        }
    }

    /// <summary>Sets the damaged files aside and puts the recovered one in their place. May be cut off at any point and made again.</summary>
    public void PutInPlace(string stamp)
    {
        foreach (var companion in Companions)
        {
            MoveIfThere(Database + companion, SetAside(stamp) + companion);
        }

        MoveIfThere(Mark, Path.ChangeExtension(SetAside(stamp), ".mark"));
        File.Move(Recovered(stamp), Database);
    }

    private static void MoveIfThere(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Move(from, to);
        }
    }
}
