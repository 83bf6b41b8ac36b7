using System.Diagnostics;

namespace HostAgent.Tests.Shared;

/// <summary>A disk whose flushes fail on demand: fsync on one file of a process ends with EIO.</summary>
internal sealed class FailingFlush
{
    private const string Compiler = "/usr/bin/gcc";

    private readonly string _library;
    private readonly string _budget;
    private readonly string _file;

    private FailingFlush(string directory, string file)
    {
        _library = Path.Combine(directory, "failing_flush.so");
        _budget = Path.Combine(directory, "failing_flush");
        _file = file;
    }

    /// <summary>Why flushes cannot be made to fail on this machine; null when they can.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() ? "Flushes are made to fail by means of Linux."
        : File.Exists(Compiler) ? null : "Missing here: Debian's gcc and libc6-dev, to make flushes fail.";

    /// <summary>The environment of a process that uses the disk.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _library,
        ["FAILING_FLUSH"] = _budget,
        ["FAILING_FLUSH_FILE"] = _file,
    };

    /// <summary>Whether a flush has failed since <see cref="Fail"/>.</summary>
    public bool HasRefused => File.Exists(_budget + ".refused");

    /// <summary>Makes a disk that does not fail yet.</summary>
    /// <param name="directory">Where the library is built.</param>
    /// <param name="file">The name of the file whose flushes fail.</param>
    public static async Task<FailingFlush> MakeAsync(string directory, string file)
    {
        var disk = new FailingFlush(directory, file);
        using var compiler = Process.Start(Compiler, ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", disk._library, Path.Combine(AppContext.BaseDirectory, "failing_flush.c"), "-ldl"]);
        await compiler.WaitForExitAsync();
        compiler.ExitCode.ShouldBe(0);
        return disk;
    }

    /// <summary>Makes flushes fail.</summary>
    /// <param name="afterFlushes">So many succeed first.</param>
    public void Fail(int afterFlushes = 0)
    {
        File.Delete(_budget + ".refused");
        File.WriteAllBytes(_budget, new byte[afterFlushes]);
    }

    /// <summary>Makes flushes succeed again.</summary>
    public void Mend() => File.Delete(_budget);
}
