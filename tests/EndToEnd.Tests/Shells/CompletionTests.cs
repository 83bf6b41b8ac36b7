using System.Diagnostics;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests.Shells;

/// <summary>The completion scripts, run by the shells that they are for.</summary>
public sealed class CompletionTests
{
    // What the shell does for the person who presses the key, and what it would offer.
    private const string AskBash = """
        eval "$(failback completion bash)"
        COMP_LINE='failback campaign exp' COMP_POINT=21 COMP_WORDS=(failback campaign exp) COMP_CWORD=2
        _failback
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    private const string AskZsh = """
        autoload -Uz compinit && compinit -D -u
        source <(failback completion zsh)
        [[ ${_comps[failback]} == _failback ]] || exit 9
        compadd() { shift; print -rl -- "${(@P)1}" }
        _files() { }
        LBUFFER='failback campaign exp' words=(failback campaign exp)
        _failback
        """;

    [Theory]
    [InlineData("bash", AskBash)]
    [InlineData("zsh", AskZsh, "-f")]
    public async Task Words_of_the_program_are_offered(string shell, string script, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The shell is not one of Windows.");
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell))), $"There is no {shell} on PATH; on Debian: apt-get install {shell}.");
        var folder = Directory.CreateTempSubdirectory("shell-");
        try
        {
            await WriteProgramAsync(Path.Combine(folder.FullName, "failback"));
            var start = new ProcessStartInfo(shell) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder.FullName };
            foreach (var word in (string[])[.. arguments, "-c", script])
            {
                start.ArgumentList.Add(word);
            }

            start.Environment["PATH"] = $"{folder.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["HOME"] = folder.FullName;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var offered = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.ShouldBe(0, await error);
            offered.ShouldBe(["explain"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteProgramAsync(string file)
    {
        var program = FailbackCommand.StartInfo([], ServerSettings.Plain);
        await File.WriteAllTextAsync(file, $"#!/bin/sh\nexec {program.FileName} '{string.Join("' '", program.ArgumentList)}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
