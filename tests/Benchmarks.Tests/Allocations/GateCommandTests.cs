namespace HostAgent.Benchmarks.Tests.Allocations;

/// <summary>The gate itself, on what the product allocates now. When it fails by what was meant to change, <c>gate --store</c> stores the new figures, once in each kind of build.</summary>
public sealed class GateCommandTests
{
    private const string Elsewhere = "The figures were stored on Linux; other systems' sockets allocate differently.";

    [Fact]
    public async Task No_operation_allocates_more_or_less_than_is_stored()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), Elsewhere);
        var (exitCode, output, errors) = await BenchmarkProgram.RunAsync("gate");

        errors.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        foreach (var operation in (string[])["acceptance", "engine input", "snapshot of 10,000 items", "stored event", "streamed message", "unary call"])
        {
            output.ShouldContain($"| {operation} | ");
        }
    }

    [Fact]
    public async Task Allocation_that_is_added_fails_by_the_name_of_its_operation()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), Elsewhere);
        var (exitCode, _, errors) = await BenchmarkProgram.RunAsync("gate", "--plant", "engine input=16", "--plant", "stored event=512", "--plant", "snapshot of 10,000 items=100000", "--plant", "streamed message=128", "--plant", "unary call=1024");

        exitCode.ShouldBe(1);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]).ShouldBe(["engine input", "snapshot of 10,000 items", "stored event", "streamed message", "unary call"], ignoreOrder: true);
        errors.ShouldContain(" B more than the stored ");
    }
}
