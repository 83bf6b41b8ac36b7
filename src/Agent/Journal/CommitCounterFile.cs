using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Journal;

/// <summary>
/// The number of the last commit, in a file beside the journal. SQLite takes a write-ahead log that was cut off, or an older copy of the file, for
/// complete; a journal with fewer commits than its mark has lost some. The mark is written after the commit and not flushed: a power cut may
/// leave it behind the journal, which means nothing, but never ahead of it. Two slots alternate, so that one is always intact.
/// </summary>
internal sealed class CommitCounterFile : IDisposable
{
    private const int SlotSize = 64;
    private const int Used = 8 + 16 + 8;
    private const long Magic = 0x314B52414D4C4A46;

    private readonly SafeFileHandle _file;
    private readonly Guid _journal;

    private CommitCounterFile(SafeFileHandle file, Guid journal)
    {
        _file = file;
        _journal = journal;
    }

    /// <summary>What a mark says.</summary>
    /// <param name="Journal">The journal it belongs to.</param>
    /// <param name="Commits">At least so many commits were made.</param>
    internal sealed record Reading(Guid Journal, long Commits);

    /// <summary>Reads a mark; null when neither slot is intact.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Reading? Read(string path)
    {
        // An agent may be writing it.
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        Span<byte> bytes = stackalloc byte[2 * SlotSize];
        var length = RandomAccess.Read(file, bytes, 0);
        Reading? newest = null;
        for (var start = 0; start + SlotSize <= length; start += SlotSize)
        {
            if (ReadSlot(bytes.Slice(start, SlotSize)) is { } slot && (newest is null || slot.Commits > newest.Commits))
            {
                newest = slot;
            }
        }

        return newest;
    }

    /// <summary>Opens the mark of a journal and sets it to the commits that the journal has.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static CommitCounterFile Open(string path, Guid journal, long commits)
    {
        var mark = new CommitCounterFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), journal);
        try
        {
            mark.Set(commits + 1, commits);
            mark.Set(commits, commits);
            RandomAccess.FlushToDisk(mark._file);
            return mark;
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    /// <summary>Takes down that a commit is durable.</summary>
    /// <exception cref="IOException">It was not taken down.</exception>
    public void Advance(long commits) => Set(commits, commits);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Reading? ReadSlot(ReadOnlySpan<byte> slot)
        => BinaryPrimitives.ReadInt64LittleEndian(slot) == Magic && slot.Slice(Used, SlotSize - Used).SequenceEqual(Sum(slot).AsSpan(0, SlotSize - Used))
            ? new Reading(new Guid(slot.Slice(8, 16)), BinaryPrimitives.ReadInt64LittleEndian(slot[24..]))
            : null;

    private static byte[] Sum(ReadOnlySpan<byte> slot) => SHA256.HashData(slot[..Used]);

    private void Set(long slotOf, long commits)
    {
        Span<byte> slot = stackalloc byte[SlotSize];
        BinaryPrimitives.WriteInt64LittleEndian(slot, Magic);
        _journal.TryWriteBytes(slot[8..]);
        BinaryPrimitives.WriteInt64LittleEndian(slot[24..], commits);
        Sum(slot).AsSpan(0, SlotSize - Used).CopyTo(slot[Used..]);
        RandomAccess.Write(_file, slot, slotOf % 2 * SlotSize);
    }
}
