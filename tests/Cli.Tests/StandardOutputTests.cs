namespace HostAgent.Cli.Tests;

public sealed class StandardOutputTests
{
    private const int NoSpace = 28;

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new IOException("No space left on device", NoSpace), "Standard output cannot be written: the disk is full." },
        { new UnauthorizedAccessException("Access to the path is denied."), "Standard output cannot be written: it is closed." },
        { new IOException("Input/output error."), "Standard output cannot be written: Input/output error." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_stream_that_takes_nothing_is_one_sentence(Exception refusal, string sentence)
    {
        await using var output = new StandardOutput(new Refusing(refusal));
        var failure = Should.Throw<CommandException>(() => output.WriteLine("x"));
        (failure.ExitCode, failure.Message).ShouldBe((ExitCode.Failed, sentence));
        (await Should.ThrowAsync<CommandException>(() => output.WriteAsync("x"))).Message.ShouldBe(sentence);
    }

    private sealed class Refusing(Exception refusal) : StringWriter
    {
        public override void Write(string? value) => throw refusal;

        public override void WriteLine(string? value) => throw refusal;
    }
}
