using HostAgent.Hosting.Programs;

namespace HostAgent.Hosting.Tests.Programs;

/// <summary>A program is run without a shell, with nothing but what it is given, and never for longer than it may.</summary>
public sealed class LocalProgramTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Program_gets_its_variables_and_its_arguments_as_they_are()
    {
        var end = await RunAsync(Shell("echo \"$WHAT|$HOME|$1\"", "sh", "a b; $(touch x) '\""), new() { ["WHAT"] = "a; rm -rf \"*\"" });

        end.ShouldBe(new ProgramEnd(0, "a; rm -rf \"*\"||a b; $(touch x) '\""));
    }

    [Fact]
    public async Task Exit_code_and_both_outputs_are_told() => (await RunAsync(Shell("echo out; echo err >&2; exit 7"))).ShouldBe(new ProgramEnd(7, "out err"));

    [Fact]
    public async Task Long_output_is_cut_to_its_end_and_is_one_line()
    {
        var end = await RunAsync(Shell("i=0; while [ $i -lt 3000 ]; do echo line-$i; i=$((i+1)); done"));

        end.Output.Length.ShouldBeLessThanOrEqualTo(8192);
        end.Output.ShouldEndWith("line-2999");
        end.Output.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Program_that_runs_too_long_is_ended_with_what_it_has_started()
    {
        using var directory = new Shared();
        var file = Path.Combine(directory.Path, "late");

        var end = await RunAsync(Shell($"(sleep 3; touch {file}) & echo began; sleep 600"), deadline: TimeSpan.FromSeconds(1));

        end.Code.ShouldBeNull();
        end.Output.ShouldContain("ran for 1 s");
        end.Output.ShouldContain("began");
        (await RunAsync(Shell("sleep 4"))).Code.ShouldBe(0);
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task Program_that_leaves_something_behind_has_ended()
    {
        var began = TimeProvider.System.GetTimestamp();
        (await RunAsync(Shell("sleep 30 & echo done"))).ShouldBe(new ProgramEnd(0, "done"));
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task Program_that_does_not_exist_is_told() => (await RunAsync(new LocalProgram("/no/such/program", []))).Output.ShouldContain("could not be run");

    [Fact]
    public async Task Caller_that_gives_up_ends_it()
    {
        using var given = new CancellationTokenSource();
        var running = Shell("sleep 600").RunAsync(new Dictionary<string, string>(), Long, TimeProvider.System, given.Token);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Long, TestContext.Current.CancellationToken));
    }

    private static LocalProgram Shell(string script, params string[] arguments) => new("/bin/sh", ["-c", script, .. arguments]);

    private static Task<ProgramEnd> RunAsync(LocalProgram program, Dictionary<string, string>? variables = null, TimeSpan? deadline = null)
        => program.RunAsync(variables ?? [], deadline ?? Long, TimeProvider.System, TestContext.Current.CancellationToken);

    private sealed class Shared : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("local-program-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
