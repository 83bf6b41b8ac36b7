using System.Diagnostics;

namespace HostAgent.Agent.Tests.Support.Processes;

/// <summary>A disk that can be told to fail: the flushes that a process asks for its journal's log end with an I/O error.</summary>
internal sealed class FailingFlush
{
    private const string Compiler = "/usr/bin/gcc";

    private readonly string _library;
    private readonly string _budget;

    private FailingFlush(string directory)
    {
        _library = Path.Combine(directory, "failing_flush.so");
        _budget = Path.Combine(directory, "failing_flush");
    }

    /// <summary>Why there can be no such disk here; null when there can.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() ? "Flushes are made to fail by means of Linux."
        : File.Exists(Compiler) ? null : "Missing here: Debian's gcc and libc6-dev, to make flushes fail.";

    /// <summary>What a process needs in its environment to be on the disk.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["LD_PRELOAD"] = _library, ["FAILING_FLUSH"] = _budget };

    /// <summary>Whether a flush was refused since the disk was last told to fail.</summary>
    public bool HasRefused => File.Exists(_budget + ".refused");

    /// <summary>Makes one, which does not fail yet.</summary>
    public static async Task<FailingFlush> MakeAsync(string directory)
    {
        var disk = new FailingFlush(directory);
        using var compiler = Process.Start(Compiler, ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", disk._library, Path.Combine(AppContext.BaseDirectory, "Support", "Processes", "failing_flush.c"), "-ldl"]);
        await compiler.WaitForExitAsync();
        compiler.ExitCode.ShouldBe(0);
        return disk;
    }

    /// <summary>Has flushes fail.</summary>
    /// <param name="afterFlushes">So many succeed before.</param>
    public void Fail(int afterFlushes = 0)
    {
        File.Delete(_budget + ".refused");
        File.WriteAllBytes(_budget, new byte[afterFlushes]);
    }

    /// <summary>Has flushes succeed again.</summary>
    public void Mend() => File.Delete(_budget);
}
