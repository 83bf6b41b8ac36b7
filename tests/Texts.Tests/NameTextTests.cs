using FsCheck.Xunit;

namespace HostAgent.Texts.Tests;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("SQL-01", "sql-01", true)]
    [InlineData("gr\u00F6\u00DFe", "GRO\u0308\u00DFE", true)]
    [InlineData("\uD55C", "\u1112\u1161\u11AB", true)]
    [InlineData("sql-01", "sql-02", false)]
    [InlineData("sql\u200B-01", "sql-01", false)]
    [InlineData("ｓｑｌ", "sql", false)]
    [InlineData("a\u0301", "a", false)]
    [InlineData("I", "ı", false)]
    public void Names_are_the_same_without_regard_to_case_and_normal_form(string left, string right, bool same)
    {
        NameText.Same(left, right).ShouldBe(same);
        NameText.Comparer.Equals(left, right).ShouldBe(same);
        if (same)
        {
            NameText.Comparer.GetHashCode(left).ShouldBe(NameText.Comparer.GetHashCode(right));
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_only_itself()
    {
        NameText.Same("a\uD800", "A\uD800").ShouldBeTrue();
        NameText.Same("a\uD800", "a\uD801").ShouldBeFalse();
    }

    [Property]
    public void Equality_and_folding_agree(string? left, string? right)
        => NameText.Same(left ?? "", right ?? "").ShouldBe(NameText.Fold(left ?? "") == NameText.Fold(right ?? ""));
}
