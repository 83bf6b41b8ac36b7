namespace HostAgent.Documents.Tests;

public sealed class BoundsTests
{
    [Fact]
    public void A_list_longer_than_its_bound_is_one_error_with_the_bound()
    {
        var text = "x: [" + string.Join(',', Enumerable.Range(0, 1001)) + "]";
        var result = DocumentReader.Read(text, "t", root => root.Optional("x").List(field => field.Text(1, 256)));
        result.Errors.ShouldHaveSingleItem().Message.ShouldBe("x has 1001 elements; it may have at most 1000.");
    }

    [Fact]
    public void Labels_are_at_most_64()
    {
        var text = "x: {" + string.Join(',', Enumerable.Range(0, 65).Select(number => $"k{number}: v")) + "}";
        DocumentReader.Read(text, "t", root => root.Optional("x").TextMap()).Errors.ShouldHaveSingleItem().Message.ShouldBe("x has 65 keys; it may have at most 64.");
    }

    [Theory]
    [InlineData("' west'")]
    [InlineData("'west '")]
    [InlineData("\"west\u00A0\"")]
    public void A_name_has_no_blanks_around_it(string value)
        => DocumentReader.Read($"x: {value}", "t", root => root.Optional("x").Name()!).Errors.ShouldHaveSingleItem().Allowed.ShouldBe("a text without blanks before or after it");

    [Fact]
    public void A_name_is_stored_composed()
        => DocumentReader.Read("x: gro\u0308ße", "t", root => root.Optional("x").Name()!).Require().ShouldBe("größe");

    [Theory]
    [InlineData("' k': v")]
    [InlineData("k: ' v'")]
    public void Labels_are_names(string label)
        => DocumentReader.Read($"x: {{{label}}}", "t", root => root.Optional("x").TextMap()).Errors.ShouldHaveSingleItem().Message.ShouldContain("without");

    [Fact]
    public void A_caller_who_has_left_is_not_read_for()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();
        var text = "x: [" + string.Join(',', Enumerable.Range(0, 900)) + "]";
        Should.Throw<OperationCanceledException>(() => DocumentReader.Read(text, "t", root => root.Optional("x").List(field => field.Text(1, 256)), cancellationToken: left.Token));
    }

    [Fact]
    public void A_document_that_takes_too_long_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the processor time of a thread.");
        var text = "x: [" + string.Join(',', Enumerable.Range(0, 900)) + "]";
        var result = DocumentReader.Read(text, "t", root => root.Optional("x").List(field => field.Text(1, 256)), new DocumentLimits { Time = TimeSpan.Zero });
        result.Errors.ShouldHaveSingleItem().Message.ShouldStartWith("The document takes more than 0s of processor time");
    }

    [Fact]
    public void Many_unknown_keys_cost_no_more_than_their_number()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(number => $"t{number}: 1\n"));
        var result = DocumentReader.Read(text, "t", root => root.Optional("tolerance").Text()!);
        result.Errors.Count.ShouldBe(201);
        result.Errors[^1].Message.ShouldStartWith("59800 more errors");
    }
}
