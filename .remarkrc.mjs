/** Links between Markdown files, and to their headings. Addresses of the web are not looked up. */
export default { plugins: [["remark-validate-links", { repository: false }]] };
