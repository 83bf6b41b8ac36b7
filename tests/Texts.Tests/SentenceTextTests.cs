namespace HostAgent.Texts.Tests;

public sealed class SentenceTextTests
{
    [Theory]
    [InlineData("Stopped by ann: enough", "Stopped by ann: enough.")]
    [InlineData("Stopped by ann: enough.", "Stopped by ann: enough.")]
    [InlineData("Is it enough?", "Is it enough?")]
    [InlineData("", "")]
    public void Ends_once(string text, string ended) => SentenceText.Ended(text).ShouldBe(ended);
}
