namespace HostAgent.Documents.Tests.Bugs;

/// <summary>The YAML scanner threw an InvalidOperationException, not its own exception, when a carriage return stood alone in a plain scalar.</summary>
public class LoneCarriageReturnTests
{
    [Theory]
    [InlineData("a: {b: x\r, c: y}")]
    [InlineData("a: [x\ry, z]")]
    [InlineData("a: {b: x\u2028, c: y}")]
    [InlineData("a: {b: x\u0085, c: y}")]
    public void Read_never_throws_on_a_line_ending_in_an_odd_place(string text)
        => Should.NotThrow(() => DocumentReader.Read(text, "t", root => root.Optional("a").IsPresent ? "present" : "absent"));
}
