/** Checks links between Markdown files and to their headings, without requests to the web. */
export default { plugins: [["remark-validate-links", { repository: false }]] };
