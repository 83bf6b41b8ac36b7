using System.Text;
using FsCheck;
using FsCheck.Xunit;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Tests.Cim.Xml;

public sealed class CimXmlHostileTextTests
{
    private const string Billion = """
        <!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
        <INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"><VALUE>&c;</VALUE></PROPERTY></INSTANCE>
        """;

    private const string External = """
        <!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"><VALUE>&f;</VALUE></PROPERTY></INSTANCE>
        """;

    [Theory]
    [InlineData(Billion)]
    [InlineData(External)]
    [InlineData("<!DOCTYPE INSTANCE SYSTEM \"http://dtd.invalid/cim.dtd\"><INSTANCE CLASSNAME=\"C\"/>")]
    public void A_document_type_is_refused_before_anything_is_expanded(string text)
        => Should.Throw<CimXmlException>(() => CimXmlText.Read(text)).Problem.ShouldBe(CimXmlProblem.Refused);

    [Fact]
    public void An_undeclared_entity_is_refused()
        => Should.Throw<CimXmlException>(() => CimXmlText.Read(
            "<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'><VALUE>&evil;</VALUE></PROPERTY></INSTANCE>"));

    [Fact]
    public void Nesting_beyond_the_bound_is_refused()
    {
        const string Open = "<INSTANCE CLASSNAME='C'><PROPERTY.OBJECT NAME='P'><VALUE.OBJECT>";
        var text = new StringBuilder().Insert(0, Open, 2000).ToString();
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Read(text));
        refusal.Problem.ShouldBe(CimXmlProblem.Refused);
        refusal.Message.ShouldContain("32");
    }

    [Fact]
    public void Nesting_inside_what_is_skipped_does_not_exhaust_the_stack()
    {
        var text = "<INSTANCE CLASSNAME='C'><QUALIFIER>" + string.Concat(Enumerable.Repeat("<a>", 20_000)) + string.Concat(Enumerable.Repeat("</a>", 20_000)) + "</QUALIFIER></INSTANCE>";
        CimXmlText.Read(text).Properties.ShouldBeEmpty();
    }

    [Fact]
    public void Text_beyond_the_bound_is_refused_with_its_length()
    {
        var text = $"<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'><VALUE>{new string('x', CimXmlText.MaxLength)}</VALUE></PROPERTY></INSTANCE>";
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Read(text));
        refusal.Problem.ShouldBe(CimXmlProblem.Refused);
        refusal.Message.ShouldContain("262144");
    }

    [Property(MaxTest = 500)]
    public void No_text_breaks_the_reader_other_than_by_its_own_error(NonNull<string> content)
    {
        foreach (var text in new[] { content.Get, $"<INSTANCE CLASSNAME='C'>{content.Get}</INSTANCE>", $"<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='{content.Get}'/>" })
        {
            try
            {
                CimXmlText.Read(text);
            }
            catch (CimXmlException)
            {
                // The one error that may come out.
            }
        }
    }
}
