using System.Text.Json;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// The append-only file of a host's history, one JSON record per line. A record counts once its line end is in the file: a line cut
/// short by a killed process was never acknowledged and is removed when the file is opened.
/// A separate lock file excludes other processes, so that the state file itself stays readable. The file of a host that is linked to another one is shared:
/// the processes of both hosts read and write it, one at a time (<see cref="SharedLink"/>).
/// </summary>
internal sealed class StateFile : IDisposable
{
    private const string LockSuffix = ".lock";
    private const string ReplacementSuffix = ".new";

    private readonly FileStream? _lock;
    private readonly string _path;
    private readonly bool _flushToDisk;
    private readonly FileShare _share;
    private FileStream _file;
    private long _known;
    private int _lines;
    private bool _broken;

    private StateFile(string path, bool flushToDisk, FileShare share, FileStream? @lock, FileStream file)
    {
        _path = path;
        _flushToDisk = flushToDisk;
        _share = share;
        _lock = @lock;
        _file = file;
    }

    public long Length => _file.Length;

    /// <summary>Opens or creates a file and reads its records.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flushToDisk">Whether appended records must survive a power failure.</param>
    /// <param name="records">The records in the file.</param>
    /// <exception cref="StateFileException">The file is in use, damaged or cannot be opened; the message is one line.</exception>
    public static StateFile Open(string path, bool flushToDisk, out IReadOnlyList<StateRecord> records)
    {
        var file = Open(path, flushToDisk, FileShare.Read, serves: true);
        try
        {
            records = file.ReadNew();
            return file;
        }
        catch (Exception exception)
        {
            file.Dispose();
            throw exception is IOException and not StateFileException ? new StateFileException($"The state file {path} cannot be opened: {exception.Message}", exception) : exception;
        }
    }

    /// <summary>Opens or creates a file that other processes read and write too, one at a time. Nothing is read yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flushToDisk">Whether appended records must survive a power failure.</param>
    /// <param name="serves">Whether this process alone serves the host.</param>
    /// <exception cref="StateFileException">The host is served already, or the file cannot be opened; the message is one line.</exception>
    public static StateFile OpenShared(string path, bool flushToDisk, bool serves) => Open(path, flushToDisk, FileShare.ReadWrite | FileShare.Delete, serves);

    /// <summary>
    /// The records since the last time, without those appended here. An incomplete last line is removed: no other process writes now, so the one that began it
    /// is gone.
    /// </summary>
    /// <exception cref="StateFileException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<StateRecord> ReadNew()
    {
        var end = _file.Length;
        if (end <= _known)
        {
            return [];
        }

        var content = new byte[end - _known];
        _file.Seek(_known, SeekOrigin.Begin);
        _file.ReadExactly(content);
        var records = Parse(content, _path, _lines, out var length);
        if (length < content.Length)
        {
            _file.SetLength(_known + length);
        }

        (_known, _lines) = (_known + length, _lines + records.Count);
        return records;
    }

    /// <summary>Opens the file again, which another process has replaced; everything in it is new.</summary>
    public void Reopen()
    {
        _file.Dispose();
        _file = OpenUnbuffered(_path, _share);
        (_known, _lines) = (0, 0);
    }

    /// <summary>Reads a file without changing it; it may be in use.</summary>
    public static IReadOnlyList<StateRecord> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return Parse(content.AsSpan(0, length), path, 0, out _);
    }

    /// <summary>Appends records; on return they are in the file.</summary>
    /// <exception cref="IOException">The write failed; none of the records is in the file.</exception>
    public void Append(params IReadOnlyList<StateRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        if (_broken)
        {
            throw new StateFileException($"The state file {_path} could not be restored after a failed write; nothing more is written to it.");
        }

        using var lines = Lines(records);
        var end = _file.Length;
        try
        {
            _file.Seek(end, SeekOrigin.Begin);
            _file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
            if (_flushToDisk)
            {
                _file.Flush(flushToDisk: true);
            }

            (_known, _lines) = (end + lines.Length, _lines + records.Count);
        }
        catch (IOException)
        {
            CutBackTo(end);
            throw;
        }
    }

    /// <summary>
    /// Replaces the whole content. A process killed at any moment leaves either the old or the new file intact: the new one is on
    /// disk before it replaces the old one.
    /// </summary>
    /// <exception cref="IOException">The old file is still in place and in use.</exception>
    public void Replace(IReadOnlyList<StateRecord> records)
    {
        var replacement = _path + ReplacementSuffix;
        using (var lines = Lines(records))
        using (var file = new FileStream(replacement, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
            file.Flush(flushToDisk: true);
        }

        // Windows cannot replace an open file.
        _file.Dispose();
        try
        {
            File.Move(replacement, _path, overwrite: true);
        }
        finally
        {
            _file = OpenUnbuffered(_path, _share);
        }

        (_known, _lines) = (_file.Length, records.Count);
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }

    private static StateFile Open(string path, bool flushToDisk, FileShare share, bool serves)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var @lock = serves ? Lock(path) : null;
        try
        {
            return new StateFile(path, flushToDisk, share, @lock, OpenUnbuffered(path, share));
        }
        catch (Exception exception)
        {
            @lock?.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new StateFileException($"The state file {path} cannot be opened: {exception.Message}", exception);
            }

            throw;
        }
    }

    // Unbuffered: what Append has written survives any end of this process.
    private static FileStream OpenUnbuffered(string path, FileShare share)
        => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);

    private static MemoryStream Lines(IReadOnlyList<StateRecord> records)
    {
        var lines = new MemoryStream();
        foreach (var record in records)
        {
            JsonSerializer.Serialize(lines, record, StateRecordJson.Default.StateRecord);
            lines.WriteByte((byte)'\n');
        }

        return lines;
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path + LockSuffix))
        {
            throw new StateFileException($"The state file {path} is in use: this simulated host is already running, here or in another process.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StateFileException($"The state file {path} cannot be locked: {exception.Message}", exception);
        }
    }

    private static List<StateRecord> Parse(ReadOnlySpan<byte> content, string path, int linesBefore, out int length)
    {
        var records = new List<StateRecord>();
        length = 0;
        while (content[length..].IndexOf((byte)'\n') is var end and >= 0)
        {
            records.Add(ParseLine(content.Slice(length, end), path, linesBefore + records.Count + 1));
            length += end + 1;
        }

        return records;
    }

    private static StateRecord ParseLine(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, StateRecordJson.Default.StateRecord) ?? throw new JsonException("the line is empty");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new StateFileException($"The state file {path} is damaged at line {number}: {exception.Message}", exception);
        }
    }

    private void CutBackTo(long end)
    {
        try
        {
            _file.SetLength(end);
        }
        catch (IOException)
        {
            _broken = true;
        }
    }
}
